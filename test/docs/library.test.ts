import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { makeFolder, plainEnvironment, root, runProgram } from '../cli/run.ts';

const folder = makeFolder();
afterAll(folder.remove);

it('the example of docs/library.md takes an inventory, and tells a fault in a sentence', async () => {
  const [, example = ''] = /^```js\n(.*?)^```/ms.exec(readFileSync(join(root, 'docs/library.md'), 'utf8')) ?? [];
  const script = join(folder.path, 'example.mjs');
  const library = pathToFileURL(join(root, 'dist/index.js')).href;
  writeFileSync(script, example.replace("from 'cinzel'", `from '${library}'`));
  const content = 'Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n';
  const layers = [makeLayer([{ name: 'usr/lib/python3/dist-packages/alpha-1.0.dist-info/METADATA', content }])];
  makeLayout(join(folder.path, 'image'), { layers });
  const run = (image: string) =>
    runProgram(process.execPath, [script, image], { cwd: folder.path, env: plainEnvironment(folder.path) });
  expect(await run(`oci:${join(folder.path, 'image')}`)).toEqual({
    code: 0,
    stdout: 'pkg:pypi/alpha@1.0 0\nSPDX-2.3\n',
    stderr: '',
  });
  const { stdout } = await run(join(folder.path, 'nothing.tar'));
  expect(stdout).toMatch(/^environment\.not-found 3 .*nothing\.tar was not found\. /);
});
