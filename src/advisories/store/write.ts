import type { PartWrite } from '../store.ts';
import { applyRecords, markChecked } from './apply-records.ts';
import { type CatalogPart, type StoreCatalog, withPart } from './catalog.ts';
import { encodeRecord } from './encoding.ts';
import { commit, type Environment } from './environment.ts';
import { requireSpace } from './faults.ts';
import { pageOverhead, requireGeneration, takeGeneration, writeGeneration } from './generation.ts';
import { distinctEcosystems } from './part-ecosystems.ts';
import { putCatalog, readCatalog } from './stored-catalog.ts';
import { sweep, sweepQuietly } from './sweep.ts';

/**
 * Writes a part under a new generation, many transactions long, and then puts it in the old one's place with one
 * small transaction. Whoever reads meanwhile sees the old state; so does everybody when this is killed.
 */
export async function replacePart(environment: Environment, write: PartWrite): Promise<void> {
  await sweep(environment);
  const generation = takeGeneration(environment);
  try {
    const contents = await writeGeneration(environment, generation, write);
    publish(environment, { ...describe(write), generation, ...contents });
  } finally {
    await sweepQuietly(environment);
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
  requireSpace(
    environment.path,
    changed.reduce((sum, advisory) => sum + encodeRecord(advisory).length, 0) * pageOverhead,
  );
  commit(environment, () => {
    requireGeneration(environment, part.generation);
    const records = applyRecords(environment, part.generation, changed, write.removed);
    for (const { ecosystem, name } of write.checked ?? []) markChecked(environment, part.generation, ecosystem, name);
    const ecosystems = distinctEcosystems(changed, write, part.ecosystems);
    const merged = { ...describe(write), generation: part.generation, records: part.records + records, ecosystems };
    putCatalog(environment, withPart(readCatalog(environment), merged));
  });
  await sweepQuietly(environment);
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

function publish(environment: Environment, part: CatalogPart): void {
  commit(environment, () => {
    requireGeneration(environment, part.generation);
    putCatalog(environment, withPart(readCatalog(environment), part));
  });
}

async function collect<Item>(items: Iterable<Item> | AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
