import { z } from 'zod';
import { CinzelError } from '../../core/errors.ts';
import { parseJson } from '../../core/json.ts';
import { said } from '../../core/problems.ts';
import type { ConcreteProbe, Recording } from './model.ts';
import { contractSchema } from './schema.ts';

const recordingSchema = z.object({
  schemaVersion: z.literal(1),
  image: z.object({ name: z.string(), digest: z.string().exactOptional() }),
  contract: contractSchema,
  derived: z.boolean(),
  answers: z.array(
    z.object({
      name: z.string(),
      probe: contractSchema.shape.probes.element,
      fields: z.record(z.string(), z.string()),
    }),
  ),
});

/** Reads recorded answers. Throws `untrusted.malformed`. */
export function decodeRecording(bytes: Uint8Array, path: string): Recording {
  const result = recordingSchema.safeParse(parseJson(bytes, path));
  if (!result.success) {
    const [issue] = result.error.issues;
    const place = issue?.path.join('.') ?? '';
    const problem = { kind: 'at', place, problem: said(issue?.message ?? '') } as const;
    throw new CinzelError('untrusted.malformed', { what: path, problem });
  }
  const { answers, ...rest } = result.data;
  return { ...rest, answers: answers.map((answer) => ({ ...answer, probe: answer.probe as ConcreteProbe })) };
}

/** With a line for each value, so that two recordings can be compared by eye. */
export function encodeRecording(recording: Recording): string {
  return `${JSON.stringify(recording, undefined, 2)}\n`;
}
