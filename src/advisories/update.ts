import { compareText } from '../core/compare-text.ts';
import type { Distribution, Package } from '../inventory/model.ts';
import { packageQuery, sourceTypes } from './coverage.ts';
import type { Feed, FeedIo, FeedNeeds, FeedOutcome, SourcePackage, Uncovered } from './feed.ts';

/** What came of asking all feeds. */
export interface UpdateOutcome {
  /** `FEED PART`, sorted. */
  readonly updated: readonly string[];
  /** What one feed could not answer; another may have. */
  readonly uncovered: readonly (Uncovered & { readonly feed: string })[];
}

/** Brings the store up to date for these needs: every feed that covers some of them is asked, one after the other. */
export async function updateStore(feeds: readonly Feed[], needs: FeedNeeds, io: FeedIo): Promise<UpdateOutcome> {
  const updated: string[] = [];
  const uncovered: (Uncovered & { readonly feed: string })[] = [];
  for (const feed of feeds) {
    const outcome = await askFeed(feed, needs, io);
    updated.push(...outcome.updated.map((part) => `${feed.id} ${part}`));
    uncovered.push(...outcome.uncovered.map((entry) => ({ ...entry, feed: feed.id })));
  }
  return { updated: updated.sort(compareText), uncovered };
}

async function askFeed(feed: Feed, needs: FeedNeeds, io: FeedIo): Promise<FeedOutcome> {
  const ecosystems = needs.ecosystems.filter(feed.covers);
  if (ecosystems.length === 0) return { updated: [], uncovered: [] };
  return feed.update({ ...needs, ecosystems }, io);
}

/** What the packages of an image need to be asked about. Packages that another one owns are left out. */
export function feedNeeds(packages: readonly Package[], distribution: Distribution | undefined): FeedNeeds {
  const ecosystems = new Set<string>();
  const sources = new Map<string, SourcePackage>();
  for (const found of packages) {
    if (found.ownedBy !== undefined) continue;
    const query = packageQuery(found, distribution);
    if (query === undefined) continue;
    ecosystems.add(query.ecosystem);
    if (!sourceTypes.has(found.type)) continue;
    const { ecosystem, name, version } = query;
    sources.set(`${ecosystem}\n${name}\n${version}`, { ecosystem, name, version });
  }
  return {
    ecosystems: [...ecosystems].sort(compareText),
    ...(distribution !== undefined && { distribution }),
    sources: [...sources.values()].sort((a, b) => compareText(a.name, b.name) || compareText(a.version, b.version)),
  };
}
