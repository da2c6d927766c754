import type { FeedNeeds } from '../advisories/feed.ts';
import { type UpdateOutcome, updateStore } from '../advisories/update.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import { openFeed } from './feeds.ts';
import { openAdvisoryStore } from './open-store.ts';
import type { Toolbox } from './toolbox.ts';

/**
 * Fetches parts of feeds without an image: `osv:PyPI`, `osv:Go`. Without any, the parts that the store has already are
 * fetched again.
 */
export async function updateParts(
  only: readonly string[],
  toolbox: Toolbox,
): Promise<UpdateOutcome & { readonly diagnostics: readonly Diagnostic[] }> {
  if (toolbox.configuration.get('offline')) throw new CinzelError('environment.offline', { what: 'db update' });
  const store = await openAdvisoryStore(toolbox, false);
  try {
    const { context } = toolbox;
    const diagnostics: Diagnostic[] = [];
    const io = {
      http: await toolbox.http(),
      store,
      context,
      cache: await toolbox.cache(),
      report: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic),
    };
    const wanted =
      only.length > 0
        ? only.map(parsePart)
        : store
            .parts()
            .filter(({ coverage }) => coverage === 'ecosystem')
            .map(({ id, part }) => ({ feed: id, part }));
    const outcomes: UpdateOutcome[] = [];
    for (const feed of new Set(wanted.map((part) => part.feed))) {
      const ecosystems = [...new Set(wanted.filter((part) => part.feed === feed).map(({ part }) => part))].sort();
      const needs: FeedNeeds = { ecosystems, sources: [] };
      outcomes.push(await updateStore([await openFeed(feed, toolbox)], needs, io));
    }
    return {
      updated: outcomes.flatMap(({ updated }) => updated),
      uncovered: outcomes.flatMap(({ uncovered }) => uncovered),
      diagnostics,
    };
  } finally {
    await store.close();
  }
}

function parsePart(text: string): { readonly feed: string; readonly part: string } {
  const colon = text.indexOf(':');
  if (colon <= 0 || colon === text.length - 1) {
    throw new CinzelError('usage.value', { name: '--only', value: text, allowed: 'osv:PyPI, osv:Go …' });
  }
  return { feed: text.slice(0, colon), part: text.slice(colon + 1) };
}
