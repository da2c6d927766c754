import { z } from 'zod';
import { CinzelError } from '../../core/errors.ts';
import { parseJson } from '../../core/json.ts';
import { said } from '../../core/problems.ts';
import type { Lock } from './model.ts';

const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const poolPath = z.string().refine((path) => !path.startsWith('/') && !path.split('/').includes('..'));

const lockedPackage = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/),
  version: text,
  architecture: text,
  source: text,
  sourceVersion: text,
  archive: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  suite: text,
  filename: poolPath,
  size: z.int().min(0),
  sha256: hash,
  stage: z.int().min(0),
  wantedBy: text.exactOptional(),
});

const lockedApks = z.strictObject({
  repositories: z.array(z.strictObject({ repository: text, description: text, key: hash, keyName: text })),
  packages: z.array(
    z.strictObject({
      name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/),
      version: text,
      architecture: text,
      origin: text,
      repository: text,
      filename: poolPath,
      size: z.int().min(0),
      checksum: z.string().regex(/^(Q1[A-Za-z0-9+/]{27}=|Q2[A-Za-z0-9+/]{43}=)$/),
      wantedBy: text.exactOptional(),
    }),
  ),
});

const lockSchema = z.strictObject({
  version: z.literal(1),
  inputs: z.strictObject({
    from: text.exactOptional(),
    distribution: text,
    suites: z.array(text).exactOptional(),
    sources: z.array(text).exactOptional(),
    pins: z.array(text).exactOptional(),
    packages: z.array(
      z.strictObject({
        dependencies: z.enum(['follow', 'listed']),
        names: z.array(text),
        without: z.array(text).exactOptional(),
      }),
    ),
  }),
  encoder: z.strictObject({ name: text, version: text, level: z.int() }),
  architectures: z.record(
    text,
    z.strictObject({
      from: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .exactOptional(),
      suites: z.array(z.strictObject({ suite: text, origin: text, date: text, key: text })),
      packages: z.array(lockedPackage),
      apk: lockedApks.exactOptional(),
    }),
  ),
});

/** Understands a lock. Throws `untrusted.malformed` that names the first place which is wrong. */
export function parseLock(bytes: Uint8Array, what: string): Lock {
  const result = lockSchema.safeParse(parseJson(bytes, what));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new CinzelError('untrusted.malformed', {
    what,
    problem: { kind: 'at', place, problem: said(issue?.message ?? '') },
  });
}
