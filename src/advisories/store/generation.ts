import { setImmediate as breathe } from 'node:timers/promises';
import { compareText } from '../../core/compare-text.ts';
import { CinzelError } from '../../core/errors.ts';
import type { PartWrite } from '../store.ts';
import { encodeAffected, encodeRecord, encodeTuples } from './encoding.ts';
import { commit, type Environment } from './environment.ts';
import { requireSpace } from './faults.ts';
import { markKey, packageKey, recordKey } from './keys.ts';
import { distinctEcosystems } from './part-ecosystems.ts';
import { putCatalog, readCatalog } from './stored-catalog.ts';

/** Bytes of values that one transaction writes while a generation is built. */
const batchBytes = 4 * 1024 ** 2;
/** Bytes of pages that a byte of a value may cost, at most: half-full pages and the tree above them. */
export const pageOverhead = 3;

/** A generation that nothing was ever written under. */
export function takeGeneration(environment: Environment): number {
  let generation = 0;
  commit(environment, () => {
    const catalog = readCatalog(environment);
    generation = catalog.next;
    putCatalog(environment, { ...catalog, next: generation + 1 });
    environment.database.putSync(markKey(generation), Buffer.alloc(0));
  });
  return generation;
}

/**
 * Throws `environment.locked`, inside a transaction, when another process swept the generation away. The lock file
 * prevents that; where it cannot (process ids of another container mean nothing here), half a generation must not be
 * taken for a whole one.
 */
export function requireGeneration({ path, database }: Environment, generation: number): void {
  if (!database.doesExist(markKey(generation))) throw new CinzelError('environment.locked', { path });
}

/** Writes all of a part under a generation that nobody reads yet. */
export async function writeGeneration(
  environment: Environment,
  generation: number,
  write: PartWrite,
): Promise<{ readonly records: number; readonly ecosystems: readonly string[] }> {
  const batch = createBatch(environment, generation);
  const ids = new Set<string>();
  const ecosystems = new Set(distinctEcosystems([], write));
  const packages = new Map<string, string[]>();
  for (const { ecosystem, name } of write.checked ?? []) packages.set(packageKey(generation, ecosystem, name), []);
  for await (const advisory of write.advisories) {
    if (ids.has(advisory.id)) continue;
    ids.add(advisory.id);
    await batch.put(recordKey(generation, advisory.id), encodeRecord(advisory));
    for (const affected of advisory.affected) {
      ecosystems.add(affected.ecosystem);
      const key = packageKey(generation, affected.ecosystem, affected.name);
      const list = packages.get(key);
      const tuple = encodeAffected(advisory.id, affected);
      if (list === undefined) packages.set(key, [tuple]);
      else list.push(tuple);
    }
  }
  for (const [key, tuples] of packages) await batch.put(key, encodeTuples(tuples));
  await batch.flush();
  return { records: ids.size, ecosystems: [...ecosystems].sort(compareText) };
}

interface Batch {
  readonly put: (key: string, text: string) => Promise<void> | undefined;
  readonly flush: () => Promise<void>;
}

/** Collects values and writes them some megabytes at a time, each time when there is room for them; in between, signals and timers are heard. */
function createBatch(environment: Environment, generation: number): Batch {
  let values: (readonly [key: string, value: Buffer])[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    requireSpace(environment.path, bytes * pageOverhead);
    commit(environment, () => {
      requireGeneration(environment, generation);
      for (const [key, value] of values) environment.database.putSync(key, value);
    });
    values = [];
    bytes = 0;
    await breathe();
  };
  return {
    flush,
    put: (key, text) => {
      const value = Buffer.from(text);
      values.push([key, value]);
      bytes += key.length + value.length;
      return bytes >= batchBytes ? flush() : undefined;
    },
  };
}
