import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spoolLayers } from './layers.mjs';
import { fastest, run } from './measure.mjs';
import { row } from './table.mjs';

const hashFile = fileURLToPath(new URL('hash-file.mjs', import.meta.url));
const node = process.execPath;

const bare = () => run(node, ['-e', '0']);

export async function measureVersion({ cli, runs }) {
  const [asked, floor] = await fastest(runs * 4, () => run(node, [cli, '--version']), bare);
  return [row('cinzel --version', asked, { name: 'node -e 0', value: floor }, { budget: 1.6 })];
}

/** A scan with nothing cached but the store, of a plain archive. */
export async function measureCold(bench) {
  const { inputs, runs } = bench;
  let anonymous = 0;
  const cold =
    (...flags) =>
    async () => {
      bench.emptyCache();
      const result = await scan(bench, inputs.plain, ...flags);
      anonymous = Math.max(anonymous, result.anonymous);
      return result;
    };
  const [verified, trusted, sha256sum, bareHash] = await fastest(
    runs,
    cold(),
    cold('--no-verify'),
    () => run('sha256sum', [inputs.plain]),
    () => run(node, [hashFile, inputs.plain]),
  );
  const megabytes = Math.round(statSync(inputs.plain).size / 1e6);
  const what = `cold scan, plain archive of ${megabytes} MB`;
  return [
    row(what, verified, { name: 'sha256sum', value: sha256sum }, { budget: 1 }),
    row(what, verified, { name: 'node hashing it', value: bareHash }, { budget: 1.5 }),
    row(`${what}, --no-verify`, trusted, { name: 'sha256sum', value: sha256sum }, { budget: 0.5 }),
    row('anonymous memory of it', anonymous / 1e6, { name: '200 MB', value: 200 }, { budget: 1, unit: 'MB' }),
  ];
}

export async function measureGzip(bench) {
  const { inputs, runs, cores, folder } = bench;
  const layers = await spoolLayers(inputs.gzip, join(folder, 'gzip-layers'));
  let anonymous = 0;
  const [cold, floor] = await fastest(
    runs,
    async () => {
      bench.emptyCache();
      const result = await scan(bench, inputs.gzip);
      anonymous = Math.max(anonymous, result.anonymous);
      return result;
    },
    () => run('sh', ['-c', `printf '%s\\0' "$@" | xargs -0 -n 1 -P ${cores} gzip -dc > /dev/null`, 'sh', ...layers]),
  );
  return [
    row('cold scan, gzip OCI archive', cold, { name: `gzip -dc, ${cores} at once`, value: floor }, { budget: 0.75 }),
    row('anonymous memory of it', anonymous / 1e6, { name: '200 MB', value: 200 }, { budget: 1, unit: 'MB' }),
  ];
}

export async function measureWarm(bench) {
  await scan(bench, bench.inputs.plain);
  const [warm, floor] = await fastest(bench.runs * 3, () => scan(bench, bench.inputs.plain), bare);
  return [row('warm scan', warm, { name: 'node -e 0', value: floor }, { budget: 3 })];
}

/** What a slimmed image would keep, with each layer read before: the work is to follow what its application needs. */
export async function measurePlan({ cli, environment, inputs, runs }) {
  const plan = () =>
    run(node, [cli, 'slim', inputs.plain, '--plan', '--offline', '--report', 'json'], { env: environment });
  await plan();
  const [warm] = await fastest(runs, plan);
  return [row('slim plan', warm, { name: '5 s', value: 5 }, { budget: 1 })];
}

function scan({ cli, environment }, image, ...flags) {
  return run(node, [cli, 'scan', image, '--offline', ...flags, '-o', 'json'], { env: environment });
}
