// Turns the HTML report's browser code (client/*.ts) and style (style/*.css) into the strings that the report embeds.
// With --check nothing is written: it fails when the committed file is not what the sources give.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const folder = new URL('../src/report/formats/html/', import.meta.url);
const output = new URL('generated-assets.ts', folder);
// The order matters: later rules of equal weight win.
const styles = [
  'tokens',
  'base',
  'masthead',
  'summary',
  'actions',
  'tools',
  'tables',
  'columns',
  'layers',
  'narrow',
  'print',
];

const generated = moduleText(await bundleScript(), await joinStyles());
if (process.argv.includes('--check')) await check();
else await writeFile(output, generated);

async function bundleScript() {
  const bundles = await build({
    config: false,
    entry: { client: fileURLToPath(new URL('client/main.ts', folder)) },
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    dts: false,
    write: false,
    clean: false,
    logLevel: 'silent',
  });
  const chunks = bundles.flatMap((bundle) => bundle.chunks);
  if (chunks.length !== 1) throw new Error(`expected one script, got ${chunks.length}`);
  return chunks[0].code.trim();
}

async function joinStyles() {
  const texts = await Promise.all(styles.map((name) => readFile(new URL(`style/${name}.css`, folder), 'utf8')));
  return texts.map(withoutComments).join('\n');
}

function withoutComments(css) {
  const lines = css.replaceAll(/\/\*[\s\S]*?\*\//g, '').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function moduleText(script, style) {
  if (/<\/(?:script|style)|<!--/i.test(script + style)) throw new Error('the code would end its own element');
  return `// Made by scripts/build-html-client.mjs from client/ and style/; do not edit.
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
export const script: string = ${JSON.stringify(script)};
export const style: string = ${JSON.stringify(style)};
`;
}

async function check() {
  if ((await readFile(output, 'utf8')) === generated) return;
  console.error('src/report/formats/html/generated-assets.ts is out of date: run node scripts/build-html-client.mjs');
  process.exitCode = 1;
}
