// Measures against floors taken in the same run, and prints a table of ratios. Usage: npm run bench [-- --osv FOLDER]
//
// It makes the image that it measures (`.bench/`, once: needs a Debian mirror and an npm registry) and an advisory store
// from the Debian archive and, where there is one, a folder with an OSV export.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureBuild } from './bench/build.mjs';
import { measureCold, measureGzip, measurePlan, measureVersion, measureWarm } from './bench/commands.mjs';
import { makeInputs } from './bench/inputs.mjs';
import { measureMinbase } from './bench/minbase-rows.mjs';
import { measurePeers } from './bench/peers.mjs';
import { measureStore } from './bench/store.mjs';
import { fillStore } from './bench/store-content.mjs';
import { printTable } from './bench/table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    osv: { type: 'string', default: join(root, '../shared/feeds/osv') },
    folder: { type: 'string', default: join(root, '.bench') },
    runs: { type: 'string', default: '5' },
  },
});
const folder = values.folder;
mkdirSync(folder, { recursive: true });
const bench = {
  cli: join(root, 'dist/cli.js'),
  folder,
  runs: Number(values.runs),
  cores: availableParallelism(),
  environment: { CINZEL_CACHE_DIR: join(folder, 'cache'), CINZEL_DB_DIR: join(folder, 'db'), CINZEL_LANG: 'en' },
  emptyCache: () => rmSync(join(folder, 'cache'), { recursive: true, force: true }),
};

console.error('Making the inputs …');
bench.inputs = await makeInputs(folder);
console.error('Filling the advisory store …');
await fillStore(bench, existsSync(values.osv) ? values.osv : undefined);

const rows = [];
for (const measure of [
  measureVersion,
  measureCold,
  measureGzip,
  measureWarm,
  measurePlan,
  measureStore,
  measureBuild,
  measureMinbase,
  measurePeers,
]) {
  const measured = await measure(bench);
  for (const { work, ratio } of measured) console.error(`${work}: ${ratio.toFixed(2)}`);
  rows.push(...measured);
}
printTable(rows, bench);
if (rows.some(({ over }) => over)) process.exitCode = 1;
