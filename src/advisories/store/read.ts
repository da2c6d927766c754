import type { Transaction } from 'lmdb';
import type { Advisory, Affected, FeedId } from '../model.ts';
import type { PackageAdvisories, PackageAffected } from '../store.ts';
import { type CatalogPart, decodeCatalog, emptyCatalog } from './catalog.ts';
import { decodeAffected, decodePackage, decodeRecord } from './encoding.ts';
import { type Environment, reading } from './environment.ts';
import { damaged } from './faults.ts';
import { catalogKey, packageKey, recordKey, recordRange } from './keys.ts';

const recentPackages = 64;

interface StoredPackage {
  readonly key: string;
  readonly value: Buffer;
  readonly ecosystem: string;
  readonly name: string;
}

/**
 * The store as it was at one moment. It pins a read transaction, so that what a writer replaces meanwhile stays
 * readable until `release`.
 */
export class Snapshot {
  readonly parts: readonly CatalogPart[];
  readonly #environment: Environment;
  readonly #transaction: Transaction;
  readonly #options: { readonly transaction: Transaction };
  readonly #partsByEcosystem: ReadonlyMap<string, readonly CatalogPart[]>;
  /** Decoded values of the last packages: the binaries of one source ask for the same one. */
  readonly #recent = new Map<string, readonly PackageAffected[]>();

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#transaction = environment.database.useReadTransaction();
    this.#options = { transaction: this.#transaction };
    const catalog = this.#value(catalogKey);
    this.parts = ((catalog && decodeCatalog(catalog, environment.path)) ?? emptyCatalog).parts;
    this.#partsByEcosystem = groupByEcosystem(this.parts);
  }

  find(ecosystem: string, name: string): readonly PackageAdvisories[] {
    const parts = this.#partsByEcosystem.get(ecosystem);
    if (parts === undefined) return [];
    const found: PackageAdvisories[] = [];
    for (const part of parts) {
      const key = packageKey(part.generation, ecosystem, name);
      const value = this.#value(key);
      if (value === undefined) continue;
      const affected = (): readonly PackageAffected[] => this.#affected(part, { key, value, ecosystem, name });
      found.push({ feed: part.id, part: part.part, affected });
    }
    return found;
  }

  get(id: string, feed?: FeedId): Advisory | undefined {
    for (const part of this.parts) {
      if (feed !== undefined && part.id !== feed) continue;
      const record = this.#record(part, id);
      if (record === undefined) continue;
      const { packages, ...rest } = record;
      return {
        ...rest,
        feed: part.id,
        affected: packages.flatMap(([ecosystem, name]) => this.#of(part, id, ecosystem, name)),
      };
    }
    return undefined;
  }

  ids(feed: FeedId, name: string): readonly string[] {
    const part = this.parts.find((other) => other.id === feed && other.part === name);
    if (part === undefined) return [];
    const { start, end } = recordRange(part.generation);
    return reading(this.#environment, () => {
      const values = this.#environment.database.getRange({ start, end, ...this.#options });
      return Array.from(values, ({ value }) => decodeRecord(value, this.#environment.path).id);
    });
  }

  release(): void {
    this.#transaction.done();
  }

  #of(part: CatalogPart, id: string, ecosystem: string, name: string): readonly Affected[] {
    const value = this.#value(packageKey(part.generation, ecosystem, name));
    if (value === undefined) return [];
    const tuples = decodePackage(value, this.#environment.path).filter((tuple) => tuple[0] === id);
    return tuples.map((tuple) => decodeAffected(tuple, ecosystem, name));
  }

  #affected(part: CatalogPart, { key, value, ecosystem, name }: StoredPackage): readonly PackageAffected[] {
    const known = this.#recent.get(key);
    if (known !== undefined) return known;
    const affected = decodePackage(value, this.#environment.path).map((tuple) => {
      const [id] = tuple;
      const record = once(() => this.#requiredRecord(part, id));
      return { ...decodeAffected(tuple, ecosystem, name), id, record };
    });
    this.#remember(key, affected);
    return affected;
  }

  #remember(key: string, affected: readonly PackageAffected[]): void {
    this.#recent.set(key, affected);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > recentPackages && oldest !== undefined) this.#recent.delete(oldest);
  }

  #requiredRecord(part: CatalogPart, id: string): Omit<Advisory, 'affected'> {
    const record = this.#record(part, id);
    if (record === undefined) {
      throw damaged(this.#environment.path, { kind: 'lacks-record', id });
    }
    const { packages: _packages, ...rest } = record;
    return { ...rest, feed: part.id };
  }

  #record(part: CatalogPart, id: string): ReturnType<typeof decodeRecord> | undefined {
    const value = this.#value(recordKey(part.generation, id));
    return value && decodeRecord(value, this.#environment.path);
  }

  #value(key: string): Buffer | undefined {
    return reading(this.#environment, () => this.#environment.database.get(key, this.#options));
  }
}

function once<Value extends object>(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

function groupByEcosystem(parts: readonly CatalogPart[]): ReadonlyMap<string, readonly CatalogPart[]> {
  const groups = new Map<string, CatalogPart[]>();
  for (const part of parts) {
    for (const ecosystem of part.ecosystems) {
      const group = groups.get(ecosystem);
      if (group === undefined) groups.set(ecosystem, [part]);
      else group.push(part);
    }
  }
  return groups;
}
