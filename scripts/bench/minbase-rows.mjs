import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fastest, isOnPath, run } from './measure.mjs';
import { bootstrap, packagesOf, resolve, sources } from './minbase.mjs';
import { row } from './table.mjs';

const recipe = 'java-debian13';
const rounds = 2;

/**
 * Java from nothing: what the indexes say, verified, and then the image with its downloads; against mmdebstrap with the
 * same packages of the same archive. Needs root, mmdebstrap and a Debian mirror; without them there are no rows.
 */
export async function measureMinbase(bench) {
  if (process.getuid?.() !== 0 || !isOnPath('mmdebstrap') || sources() === undefined) return [];
  const lock = join(bench.folder, `${recipe}-cold.json`);
  const tree = join(bench.folder, 'minbase.tar');
  const cold = (...words) => {
    bench.emptyCache();
    rmSync(lock, { force: true });
    return run(process.execPath, [bench.cli, ...words, '--lock', lock], { env: bench.environment });
  };
  await cold('lock', recipe);
  const packages = packagesOf(lock);
  const resolved = await fastest(
    rounds,
    () => cold('lock', recipe),
    () => resolve(packages),
  );
  const built = await fastest(
    rounds,
    () => cold('build', recipe, '-o', `oci:${join(bench.folder, recipe)}`, '--compression', 'none'),
    () => bootstrap(packages, tree),
  );
  rmSync(tree, { force: true });
  return [
    compared(`cold resolve of ${recipe}`, resolved, 'mmdebstrap --simulate'),
    compared(`build of ${recipe}, nothing cached`, built, 'mmdebstrap'),
  ];
}

function compared(work, [own, other], name) {
  return row(work, own, { name, value: other });
}
