// The main job on real input: makes a naive application image from the Debian archive, scans it, slims it, runs both, and
// builds what it should have been.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeApplication } from './demo-app.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const file = 'demo/image.tar';
mkdirSync('demo', { recursive: true });
const env = { ...process.env, CINZEL_DB_DIR: process.env.CINZEL_DB_DIR ?? join(root, 'demo/db') };
console.log('1. Making a naive application image from Debian 12 as it was released, without security updates …');
run('scripts/demo-image.mjs', [file]);

console.log(
  '2. Scanning it: no Docker, no account, no vulnerability service; the Debian archive itself tells what was fixed.\n',
);
scan(file, '--reach', '-o', 'table', '-o', 'html=demo/report.html', '-o', 'json=demo/scan.json');
cinzel('sbom', file, '-o', 'cyclonedx=demo/sbom.cdx.json');

console.log(
  '\n3. Slimming it to what its entrypoint reaches, by reading its files alone; then running both in a sandbox, to see\n' +
    '   that they answer alike.\n',
);
slim('--contract', 'default');
scan('oci:demo/slim:demo-slim', '--quiet', '-o', 'json=demo/slim-scan.json');

console.log('\n4. Building an image for the same application: signed packages of today, and nothing else.\n');
writeApplication('demo/app', root);
cinzel('build', 'nodejs-debian12:nonroot', '--node', 'demo/app', '-o', 'oci:demo/built', '-t', 'demo-built');
scan('oci:demo/built:demo-built', '--quiet', '-o', 'json=demo/built-scan.json');
compare(read('demo/scan.json'), read('demo/slim-scan.json'), read('demo/built-scan.json'));

console.log(
  '\nOpen demo/report.html in a browser; demo/sbom.cdx.json is the inventory, demo/scan.json the whole answer,\n' +
    'demo/plan.json says of every path why it was kept or dropped, demo/slim is the slimmed image and demo/built the built one.',
);

function cinzel(...args) {
  run(join(root, 'dist/cli.js'), args);
}

/** Where there is no sandbox (bubblewrap, strace; root), the image is slimmed and not run. */
function slim(...proof) {
  const words = ['slim', file, '-o', 'oci:demo/slim', '--report', 'json=demo/plan.json'];
  const { status } = node(join(root, 'dist/cli.js'), [...words, ...proof]);
  if (status === 3) cinzel(...words);
  else if (status !== 0) process.exit(status ?? 1);
}

function scan(image, ...args) {
  cinzel('scan', image, '--feeds', 'debian-archive', ...args);
}

function node(script, args) {
  return spawnSync(process.execPath, [script, ...args], { stdio: 'inherit', env });
}

function run(script, args) {
  const { status } = node(script, args);
  if (status !== 0) process.exit(status ?? 1);
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** What slimming and building changed, in a line for each. */
function compare(...results) {
  const megabytes = ({ image }) => `${(image.size / 1e6).toFixed(1)} MB`;
  const sum = (counts) => Object.values(counts).reduce((all, count) => all + count, 0);
  const packages = (result) => result.packages.filter(({ ownedBy }) => ownedBy === undefined).length;
  const shells = ({ image }) => image.surface.shells.length + image.surface.packageManagers.length;
  const rows = [
    ['', 'fat', 'slim', 'built'],
    ['size', ...results.map(megabytes)],
    ['files', ...results.map(({ image }) => image.surface.files)],
    ['packages', ...results.map(packages)],
    ['vulnerabilities', ...results.map(({ summary }) => sum(summary.vulnerabilities))],
    ['shells and package managers', ...results.map(shells)],
  ];
  for (const [what, ...values] of rows) {
    console.log(what.padEnd(28) + values.map((value) => String(value).padStart(12)).join(''));
  }
}
