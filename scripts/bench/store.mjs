import { createToolbox, openAdvisoryStore, resolveConfiguration } from '../../dist/index.js';
import { run } from './measure.mjs';
import { row } from './table.mjs';

const lookUps = 400_000;

/** Look-ups, in this process, of the packages of the measured image. */
export async function measureStore(bench) {
  const { environment } = bench;
  const packages = await packagesOf(bench);
  const toolbox = createToolbox({
    configuration: resolveConfiguration({ environment }),
    environment: { ...process.env, ...environment },
  });
  const store = await openAdvisoryStore(toolbox, true);
  const floor = { name: 'packages/s', value: 200_000, unit: '/s' };
  try {
    const found = rate(packages, ({ ecosystem, name }) => store.find(ecosystem, name));
    const decoded = rate(packages, ({ ecosystem, name }) => {
      for (const { affected } of store.find(ecosystem, name)) affected();
    });
    return [
      row('store look-up of the image’s packages', found, floor, { budget: 200_000, unit: '/s', atLeast: true }),
      row('the same with their advisories decoded', decoded, floor, { unit: '/s', atLeast: true }),
    ];
  } finally {
    await store.close();
    await toolbox.close();
  }
}

/** The best rate of some rounds, in packages a second. */
function rate(packages, lookUp) {
  let best = 0;
  for (let round = 0; round < 5; round++) {
    const started = process.hrtime.bigint();
    for (let index = 0; index < lookUps; index++) lookUp(packages[index % packages.length]);
    best = Math.max(best, lookUps / (Number(process.hrtime.bigint() - started) / 1e9));
  }
  return best;
}

async function packagesOf({ cli, environment, inputs }) {
  const { printed } = await run(process.execPath, [cli, 'sbom', inputs.plain, '-o', 'json'], { env: environment });
  const ecosystems = { deb: 'Debian:12', npm: 'npm' };
  return JSON.parse(printed).packages.map(({ type, name, source }) => ({
    ecosystem: ecosystems[type],
    name: source?.name ?? name,
  }));
}
