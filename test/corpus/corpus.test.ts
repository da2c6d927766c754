import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { archiveAnswers } from '../debian-mirror.ts';
import { readApps } from './descriptor.ts';
import { measure } from './measure.ts';
import { violationsOf } from './violations.ts';

const folder = process.env['CINZEL_CORPUS_DIR'] ?? mkdtempSync(join(tmpdir(), 'cinzel-corpus-'));
afterAll(() => {
  if (folder !== process.env['CINZEL_CORPUS_DIR']) rmSync(folder, { recursive: true, force: true });
});

const tools = ['strace', 'ip', 'unshare', 'nsenter'].every((tool) => spawnSync(tool, ['-V']).status === 0);
const possible =
  process.env['CI'] !== undefined || (process.getuid?.() === 0 && tools && (await archiveAnswers('bookworm')));

describe.skipIf(!possible)('cinzel slim without a trace', () => {
  it.each(readApps().filter(({ ci }) => ci))(
    'keeps what $name needs, and no shell',
    { timeout: 900_000 },
    async (app) => {
      const measured = await measure(app, folder);
      expect(violationsOf(measured)).toEqual([]);
      expect(measured.slim.bytes).toBeLessThan(measured.fat.bytes);
    },
  );
});
