// Compares ready images with what mmdebstrap makes of the same packages, and writes the table of docs/build/ready-images.md.
// Usage: npm run compare:minbase [-- RECIPE …]   (as root, with mmdebstrap and a Debian mirror in the apt sources)
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './bench/measure.mjs';
import { bootstrap, packagesOf, sources } from './bench/minbase.mjs';
import { table } from './docs/markdown.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/build/ready-images.md');
const cli = join(root, 'dist/cli.js');
const all = ['static', 'base-nossl', 'base', 'cc', 'python3', 'nodejs', 'java', 'ruby', 'php', 'perl', 'nginx'];
const { positionals } = parseArgs({ allowPositionals: true });
if (sources() === undefined) throw new Error('No apt sources of Debian were found for mmdebstrap to use.');

const folder = mkdtempSync(join(tmpdir(), 'cinzel-minbase-'));
try {
  const rows = [];
  for (const recipe of positionals.length > 0 ? positionals : all) {
    console.error(`${recipe} …`);
    rows.push(await compare(`${recipe}-debian13`));
  }
  const head = [
    'recipe',
    'size',
    'mmdebstrap',
    'packages',
    'mmdebstrap',
    'files',
    'mmdebstrap',
    'known CVEs',
    'mmdebstrap',
  ];
  const text = table(head, rows);
  console.log(text);
  if (positionals.length === 0) writeFileSync(page, fill(readFileSync(page, 'utf8'), text));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The page with its measured part made anew. */
function fill(page, text) {
  return page.replace(
    /(<!-- measured: minbase -->\n)[\s\S]*?(<!-- end -->)/,
    (_, begin, end) => `${begin}\n${text}\n${end}`,
  );
}

async function compare(recipe) {
  const layout = join(folder, recipe);
  const lock = join(folder, `${recipe}.json`);
  await cinzel('build', recipe, '-o', `oci:${layout}`, '--lock', lock, '--no-documents');
  const tree = join(folder, 'tree');
  await bootstrap(packagesOf(lock), tree);
  const [own, other] = [await facts(`oci:${layout}`), await facts(`dir:${tree}`)];
  rmSync(tree, { recursive: true });
  rmSync(layout, { recursive: true });
  return [`\`${recipe}\``, ...own.flatMap((value, index) => [String(value), String(other[index])])];
}

/** Size, packages, files and known vulnerabilities, all as the same scan counts them. */
async function facts(image) {
  const report = join(folder, 'scan.json');
  await cinzel('scan', image, '--feeds', 'debian-archive', '-o', `json=${report}`);
  const { image: scanned, summary } = JSON.parse(readFileSync(report, 'utf8'));
  const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
  const { size, surface } = scanned;
  return [`${(size / 1e6).toFixed(1)} MB`, sum(summary.packages), surface.files, sum(summary.vulnerabilities)];
}

function cinzel(...words) {
  return run(process.execPath, [cli, ...words], { env: { CINZEL_LANG: 'en' } });
}
