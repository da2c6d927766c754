import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parseLock } from '../src/distroless/lock/read.ts';
import { build } from '../src/operations/build.ts';
import { loadRecipe } from '../src/operations/load-recipe.ts';
import { testToolbox } from '../src/operations/testing/test-toolbox.ts';
import { archiveAnswers } from './debian-mirror.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'cinzel-equality-'));
afterAll(() => rmSync(folder, { recursive: true }));

const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache') });
const layout = join(folder, 'layout');
const anyLock = { frozen: false, update: false, allowExpired: false, allowEol: false, report: () => {} };

interface OracleAnswer {
  readonly entries: number;
  readonly layers: readonly string[];
  readonly differences: readonly unknown[];
}

/** Builds, then asks a script that knows Google's rules and nothing of the builder what differs. */
async function compare(image: string, { debian, layering = 'packages', architecture = 'amd64', user = 'root' }: Case) {
  const tag = `${image}-${debian}-${layering}-${architecture}-${user}`;
  const lock = join(folder, `${tag}.json`);
  const name = `${image}-debian${debian}${user === 'nonroot' ? ':nonroot' : ''}`;
  const recipe = await loadRecipe(name, { architectures: [architecture], layering });
  const destination = `oci:${layout}:${tag}`;
  await build({ recipe, destination, compression: 'gzip', lock: { ...anyLock, file: lock } }, toolbox);
  const debs = join(folder, tag);
  mkdirSync(debs);
  const cache = await toolbox.cache();
  for (const found of parseLock(readFileSync(lock), lock).architectures[architecture]?.packages ?? []) {
    writeFileSync(join(debs, `${found.name}.deb`), (await cache.get(`deb/${found.sha256}`)) ?? '');
  }
  const { stdout } = await run('python3', [
    join(import.meta.dirname, 'oracles/distroless_expectation.py'),
    `--image=${image}`,
    `--debian=${debian}`,
    `--debs=${debs}`,
    `--layout=${layout}`,
    `--tag=${tag}`,
    `--user=${user}`,
    `--architecture=${architecture}`,
    ...(layering === 'google' ? ['--by-layer'] : []),
  ]);
  return JSON.parse(stdout) as OracleAnswer;
}

interface Case {
  readonly debian: '12' | '13';
  readonly layering?: 'google' | 'packages';
  readonly architecture?: string;
  readonly user?: 'root' | 'nonroot';
}

const reachable = await archiveAnswers('trixie');

describe.skipIf(!reachable)('images with Google’s content', () => {
  it.each([
    ['static', { debian: '13' }],
    ['static', { debian: '12', user: 'nonroot' }],
    ['base-nossl', { debian: '13' }],
    ['base', { debian: '13', layering: 'google' }],
    ['base', { debian: '12' }],
    ['base', { debian: '13', architecture: 'arm64', user: 'nonroot' }],
    ['cc', { debian: '13', layering: 'google' }],
    ['cc', { debian: '12', layering: 'google', user: 'nonroot' }],
  ] as const)(
    '%s %o',
    async (image, options) => {
      const { entries, differences } = await compare(image, options);
      expect(differences).toEqual([]);
      expect(entries).toBeGreaterThan(500);
    },
    120_000,
  );
});

it.runIf(process.env['CI'] === 'true')('has an archive to build from', () => {
  expect(reachable).toBe(true);
});
