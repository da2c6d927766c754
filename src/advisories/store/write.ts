import { compareText } from '../../core/compare-text.ts';
import { isCinzelError } from '../../core/errors.ts';
import type { Advisory } from '../model.ts';
import type { PartWrite } from '../store.ts';
import {
  type CatalogPart,
  decodeCatalog,
  emptyCatalog,
  encodeCatalog,
  type StoreCatalog,
  withPart,
} from './catalog.ts';
import { decodePackage, decodeRecord, encodeAffected, encodeRecord } from './encoding.ts';
import { commit, type Environment } from './environment.ts';
import { requireSpace } from './faults.ts';
import { catalogKey, generationOf, generationRanges, packageKey, recordKey } from './keys.ts';

/** Bytes of values that one transaction writes while a generation is built. */
const batchBytes = 4 * 1024 ** 2;
/** Pages that a written value may cost, at most, for each of its bytes: half-full pages and the tree above them. */
const overhead = 3;

/** The catalog as it is now; an empty one when the store is new or of another format. */
export function readCatalog({ path, database }: Environment): StoreCatalog {
  const value = database.getBinary(catalogKey);
  return (value && decodeCatalog(value, path)) ?? emptyCatalog;
}

/**
 * Writes a part under a new generation, many transactions long, and then puts it in the old one's place with one
 * small transaction. Whoever reads meanwhile sees the old state; so does everybody when this is killed.
 */
export async function replacePart(environment: Environment, write: PartWrite): Promise<void> {
  sweep(environment);
  const generation = takeGeneration(environment);
  try {
    const contents = await writeGeneration(environment, generation, write);
    publish(environment, { ...describe(write), generation, ...contents });
  } finally {
    sweepQuietly(environment);
  }
}

/** Adds, replaces and drops records of a part in one transaction. */
export async function mergePart(
  environment: Environment,
  write: PartWrite & { readonly removed: readonly string[] },
): Promise<void> {
  const part = findPart(readCatalog(environment), write);
  if (part === undefined) return replacePart(environment, write);
  const changed = await collect(write.advisories);
  requireSpace(environment.path, changed.reduce((sum, advisory) => sum + encodeRecord(advisory).length, 0) * overhead);
  commit(environment, () => {
    const records = applyRecords(environment, part.generation, changed, write.removed);
    for (const { ecosystem, name } of write.checked ?? []) markChecked(environment, part.generation, ecosystem, name);
    const ecosystems = unique([...part.ecosystems, ...ecosystemsOf(changed), ...checkedEcosystems(write)]);
    const merged = { ...describe(write), generation: part.generation, records: part.records + records, ecosystems };
    putCatalog(environment, withPart(readCatalog(environment), merged));
  });
}

function findPart(catalog: StoreCatalog, { feed, part }: PartWrite): CatalogPart | undefined {
  return catalog.parts.find((other) => other.id === feed && other.part === part);
}

function describe(write: PartWrite): Omit<CatalogPart, 'generation' | 'records' | 'ecosystems'> {
  return {
    id: write.feed,
    part: write.part,
    updatedAt: write.updatedAt,
    feedVersion: write.feedVersion,
    cursor: typeof write.cursor === 'function' ? write.cursor() : write.cursor,
    coverage: write.checked === undefined ? 'ecosystem' : 'package',
  };
}

function takeGeneration(environment: Environment): number {
  let generation = 0;
  commit(environment, () => {
    const catalog = readCatalog(environment);
    generation = catalog.next;
    putCatalog(environment, { ...catalog, next: generation + 1 });
  });
  return generation;
}

function publish(environment: Environment, part: CatalogPart): void {
  commit(environment, () => putCatalog(environment, withPart(readCatalog(environment), part)));
}

function putCatalog({ database }: Environment, catalog: StoreCatalog): void {
  database.putSync(catalogKey, encodeCatalog(catalog));
}

async function writeGeneration(
  environment: Environment,
  generation: number,
  write: PartWrite,
): Promise<{ readonly records: number; readonly ecosystems: readonly string[] }> {
  const batch = new Batch(environment);
  const ids = new Set<string>();
  const ecosystems = new Set(checkedEcosystems(write));
  const packages = new Map<string, string[]>();
  for (const { ecosystem, name } of write.checked ?? []) packages.set(packageKey(generation, ecosystem, name), []);
  for await (const advisory of write.advisories) {
    if (ids.has(advisory.id)) continue;
    ids.add(advisory.id);
    batch.put(recordKey(generation, advisory.id), encodeRecord(advisory));
    for (const affected of advisory.affected) {
      ecosystems.add(affected.ecosystem);
      const key = packageKey(generation, affected.ecosystem, affected.name);
      const list = packages.get(key);
      const tuple = encodeAffected(advisory.id, affected);
      if (list === undefined) packages.set(key, [tuple]);
      else list.push(tuple);
    }
  }
  for (const [key, tuples] of packages) batch.put(key, encodeTuples(tuples));
  batch.flush();
  return { records: ids.size, ecosystems: unique(ecosystems) };
}

/** Values that wait for their transaction. */
class Batch {
  readonly #environment: Environment;
  #values: [key: string, value: Buffer][] = [];
  #bytes = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  put(key: string, text: string): void {
    const value = Buffer.from(text);
    this.#values.push([key, value]);
    this.#bytes += key.length + value.length;
    if (this.#bytes >= batchBytes) this.flush();
  }

  flush(): void {
    const values = this.#values;
    requireSpace(this.#environment.path, this.#bytes * overhead);
    commit(this.#environment, () => {
      for (const [key, value] of values) this.#environment.database.putSync(key, value);
    });
    this.#values = [];
    this.#bytes = 0;
  }
}

/** Replaces and drops records inside a transaction; the change in their number. */
function applyRecords(
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

function markChecked({ database }: Environment, generation: number, ecosystem: string, name: string): void {
  const key = packageKey(generation, ecosystem, name);
  if (!database.doesExist(key)) database.putSync(key, Buffer.from('[]'));
}

/** A package's value: its tuples in one order, whatever order they came in. */
function encodeTuples(tuples: readonly string[]): string {
  return `[${[...tuples].sort(compareText).join(',')}]`;
}

/** Removes generations that the catalog does not name: replaced ones, and what a killed write left. */
function sweep(environment: Environment): void {
  const known = new Set(readCatalog(environment).parts.map(({ generation }) => generation));
  for (let dead = firstUnknown(environment, known); dead !== undefined; dead = firstUnknown(environment, known)) {
    removeGeneration(environment, dead);
  }
}

/** What cannot be removed now, because the disk is full, is removed by the next write. */
function sweepQuietly(environment: Environment): void {
  try {
    sweep(environment);
  } catch (error) {
    if (!isCinzelError(error, 'environment.disk-full', 'environment.write')) throw error;
  }
}

function firstUnknown({ database }: Environment, known: ReadonlySet<number>): number | undefined {
  for (const kind of ['p', 'r']) {
    let start = kind;
    for (;;) {
      const [key] = [...database.getKeys({ start, end: `${kind}}`, limit: 1 })];
      if (key === undefined) break;
      const generation = generationOf(key);
      if (!known.has(generation)) return generation;
      start = `${kind}${generation}}`;
    }
  }
  return undefined;
}

function removeGeneration(environment: Environment, generation: number): void {
  const { database } = environment;
  for (const range of generationRanges(generation)) {
    for (;;) {
      const keys = [...database.getKeys({ ...range, limit: 20_000 })];
      if (keys.length === 0) break;
      commit(environment, () => {
        for (const key of keys) database.removeSync(key);
      });
    }
  }
}

async function collect<Item>(items: Iterable<Item> | AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function ecosystemsOf(advisories: readonly Advisory[]): readonly string[] {
  return advisories.flatMap(({ affected }) => affected.map(({ ecosystem }) => ecosystem));
}

function checkedEcosystems({ checked }: PartWrite): readonly string[] {
  return (checked ?? []).map(({ ecosystem }) => ecosystem);
}

function unique(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort(compareText);
}
