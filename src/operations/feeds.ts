import type { Feed } from '../advisories/feed.ts';
import { CinzelError } from '../core/errors.ts';
import type { Toolbox } from './toolbox.ts';

/** Every feed, made from the configuration; each is loaded only when it is used. */
const feeds = {
  osv: async ({ configuration }: Toolbox): Promise<Feed> => {
    const { createOsvFeed } = await import('../advisories/feeds/osv/index.ts');
    return createOsvFeed({ url: configuration.get('feeds.osv.url') });
  },
  'debian-archive': async (toolbox: Toolbox): Promise<Feed> => {
    const { createDebianArchiveFeed } = await import('./debian-archive-feed.ts');
    return createDebianArchiveFeed(toolbox);
  },
} as const satisfies Record<string, (toolbox: Toolbox) => Promise<Feed>>;

export type FeedName = keyof typeof feeds;

export const feedNames = Object.keys(feeds) as readonly FeedName[];

/** The feeds that the user chose. Throws `usage.value` for one that does not exist. */
export async function chosenFeeds(toolbox: Toolbox): Promise<readonly Feed[]> {
  return Promise.all(toolbox.configuration.get('feeds').map((name) => openFeed(name, toolbox)));
}

/** Throws `usage.value` when the user chose a feed that does not exist, whether or not it will be asked. */
export function checkFeedNames({ configuration }: Toolbox): void {
  configuration.get('feeds').forEach(checkFeedName);
}

export async function openFeed(name: string, toolbox: Toolbox): Promise<Feed> {
  checkFeedName(name);
  return feeds[name](toolbox);
}

function checkFeedName(name: string): asserts name is FeedName {
  if (Object.hasOwn(feeds, name)) return;
  throw new CinzelError('usage.value', { name: '--feeds', value: name, allowed: feedNames.join(', ') });
}
