import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { script, style } from './generated-assets.ts';

const builder = fileURLToPath(new URL('../../../../scripts/build-html-client.mjs', import.meta.url));

test('the embedded script and style are what their sources give', async () => {
  await expect(promisify(execFile)(process.execPath, [builder, '--check'])).resolves.toBeDefined();
});

test('neither names another host or loads anything', () => {
  expect(script + style).not.toMatch(/https?:|\/\/[a-z]|@import|url\(|fetch\(|XMLHttpRequest|import\(/i);
});
