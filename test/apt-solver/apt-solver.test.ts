import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isCinzelError } from '../../src/core/errors.ts';
import { inParallel } from '../../src/core/in-parallel.ts';
import { lookUp } from '../../src/repositories/apt/look-up.ts';
import type { PackageSource, Solvable } from '../../src/repositories/apt/solver/solvable.ts';
import { solve } from '../../src/repositories/apt/solver/solve.ts';
import { openLists, prepareApt, readAptLists } from './apt-lists.ts';
import { packageSets } from './package-sets.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-apt-solver-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lists = readAptLists();
const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'];

/** As sorted `name version`; undefined when there is no set. */
function solveSet(wanted: readonly string[], source: PackageSource<Solvable>): readonly string[] | undefined {
  try {
    return solve(wanted, source, { architecture })
      .map(({ package: { name, version } }) => `${name} ${version}`)
      .sort();
  } catch (error) {
    if (isCinzelError(error, 'usage.unsatisfiable')) return undefined;
    throw error;
  }
}

describe.skipIf(lists.length === 0 && !process.env['CI'])('the solver beside apt, in an empty root', () => {
  it('chooses the same packages for more than 200 sets', async () => {
    const { indexes, names } = await openLists(lists);
    const source = lookUp(indexes, { pins: [], releaseOf: () => release });
    const askApt = await prepareApt(lists, folder);
    const sets = packageSets(names);
    expect(sets.length).toBeGreaterThan(200);
    const answers = await inParallel(sets, 2, async (wanted) => {
      const theirs = await askApt(wanted);
      const ours = solveSet(wanted, source);
      return { wanted: wanted.join(' '), theirs, ours };
    });
    const different = answers.filter(({ theirs, ours }) => theirs?.join() !== ours?.join());
    expect(
      different.map(({ wanted, theirs = ['nothing'], ours = ['nothing'] }) => ({
        wanted,
        onlyApt: theirs.filter((one) => !ours.includes(one)).join(),
        onlyOurs: ours.filter((one) => !theirs.includes(one)).join(),
      })),
    ).toEqual([]);
    // Some sets must have none, or the comparison proves less than it seems to.
    expect(answers.filter(({ ours }) => ours === undefined).length).toBeGreaterThan(3);
  }, 1_200_000);
});

/** No release here says of itself that its packages are not to be taken. */
const release = {
  suite: '',
  codename: '',
  version: '',
  origin: '',
  label: '',
  notAutomatic: false,
  automaticUpgrades: false,
};
