import { join } from 'node:path';
import { fastest, run } from './measure.mjs';
import { row } from './table.mjs';

/** Building again from a lock, with the packages in the cache: ten of them, and Node.js with what it needs. */
export async function measureBuild(bench) {
  const rows = [];
  for (const [recipe, seconds] of [
    ['base-debian13', 1.5],
    ['nodejs-debian13', 3],
  ]) {
    const build = () =>
      run(
        process.execPath,
        [
          bench.cli,
          'build',
          recipe,
          '-o',
          `oci:${join(bench.folder, recipe)}`,
          '--lock',
          join(bench.folder, `${recipe}.json`),
        ],
        { env: bench.environment },
      );
    await build();
    const [warm] = await fastest(bench.runs, build);
    rows.push(
      row(`build of ${recipe}, packages cached`, warm, { name: `${seconds} s`, value: seconds }, { budget: 1 }),
    );
  }
  return rows;
}
