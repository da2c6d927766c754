import { setImmediate as breathe } from 'node:timers/promises';
import { isCinzelError } from '../../core/errors.ts';
import { commit, type Environment, reading } from './environment.ts';
import { generationKinds, generationOf, generationRanges, type KeyRange } from './keys.ts';
import { readCatalog } from './stored-catalog.ts';

/** Keys that one transaction removes. */
const keysAtOnce = 20_000;

/** Removes generations that the catalog does not name: replaced ones, and what a killed write left. */
export async function sweep(environment: Environment): Promise<void> {
  for (let dead = firstUnknown(environment); dead !== undefined; dead = firstUnknown(environment)) {
    await removeGeneration(environment, dead);
  }
}

/** What cannot be removed now, because the disk is full, is removed by the next write. */
export async function sweepQuietly(environment: Environment): Promise<void> {
  try {
    await sweep(environment);
  } catch (error) {
    if (!isCinzelError(error, 'environment.disk-full', 'environment.write')) throw error;
  }
}

function firstUnknown(environment: Environment): number | undefined {
  const known = knownGenerations(environment);
  for (const kind of generationKinds) {
    let start: string = kind;
    for (;;) {
      const [key] = keysFrom(environment, { start, end: `${kind}}` }, 1);
      if (key === undefined) break;
      const generation = generationOf(key);
      if (!known.has(generation)) return generation;
      start = `${kind}${generation}}`;
    }
  }
  return undefined;
}

async function removeGeneration(environment: Environment, generation: number): Promise<void> {
  const { database } = environment;
  for (const range of generationRanges(generation)) {
    while (!knownGenerations(environment).has(generation)) {
      const keys = keysFrom(environment, range, keysAtOnce);
      if (keys.length === 0) break;
      commit(environment, () => {
        if (knownGenerations(environment).has(generation)) return;
        for (const key of keys) database.removeSync(key);
      });
      await breathe();
    }
  }
}

function keysFrom(environment: Environment, range: KeyRange, limit: number): readonly string[] {
  return reading(environment, () => [...environment.database.getKeys({ ...range, limit })]);
}

function knownGenerations(environment: Environment): ReadonlySet<number> {
  return new Set(readCatalog(environment).parts.map(({ generation }) => generation));
}
