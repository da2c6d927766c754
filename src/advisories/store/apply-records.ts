import type { Advisory } from '../model.ts';
import { decodePackage, decodeRecord, encodeAffected, encodeRecord, encodeTuples } from './encoding.ts';
import type { Environment } from './environment.ts';
import { packageKey, recordKey } from './keys.ts';

/** Replaces and drops records inside a transaction; the change in their number. */
export function applyRecords(
  { path, database }: Environment,
  generation: number,
  changed: readonly Advisory[],
  removed: readonly string[],
): number {
  const gone = new Set([...removed, ...changed.map(({ id }) => id)]);
  const added = new Map<string, string[]>();
  let count = 0;
  for (const id of gone) {
    const old = database.getBinary(recordKey(generation, id));
    if (old === undefined) continue;
    for (const [ecosystem, name] of decodeRecord(old, path).packages)
      added.set(packageKey(generation, ecosystem, name), []);
    database.removeSync(recordKey(generation, id));
    count -= 1;
  }
  for (const advisory of new Map(changed.map((item) => [item.id, item])).values()) {
    database.putSync(recordKey(generation, advisory.id), Buffer.from(encodeRecord(advisory)));
    count += 1;
    for (const affected of advisory.affected) {
      const key = packageKey(generation, affected.ecosystem, affected.name);
      const tuples = added.get(key) ?? [];
      added.set(key, [...tuples, encodeAffected(advisory.id, affected)]);
    }
  }
  for (const [key, tuples] of added) {
    const old = database.getBinary(key);
    const kept = old === undefined ? [] : decodePackage(old, path).filter(([id]) => !gone.has(id));
    database.putSync(key, Buffer.from(encodeTuples([...kept.map((tuple) => JSON.stringify(tuple)), ...tuples])));
  }
  return count;
}

/** Remembers, inside a transaction, that a package was asked about. */
export function markChecked({ database }: Environment, generation: number, ecosystem: string, name: string): void {
  const key = packageKey(generation, ecosystem, name);
  if (!database.doesExist(key)) database.putSync(key, Buffer.from('[]'));
}
