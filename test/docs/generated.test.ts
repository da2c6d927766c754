import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { commandIds } from '../../src/commands/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the generated parts of docs/ and the configuration schema are what the source gives', async () => {
  const run = promisify(execFile)(process.execPath, ['scripts/build-command-docs.mjs', '--check'], { cwd: root });
  await expect(run).resolves.toBeDefined();
});

test('every command has a page that lists its options', () => {
  for (const id of commandIds) {
    const page = readFileSync(`${root}/docs/commands/${id.split(' ')[0]}.md`, 'utf8');
    expect(page).toContain(`<!-- generated: options of ${id} -->`);
  }
});
