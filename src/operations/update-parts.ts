import type { FeedNeeds } from '../advisories/feed.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import { type UpdateOutcome, updateStore } from '../advisories/update.ts';
import type { Diagnostic, Report } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import { feedNames, openFeed } from './feeds.ts';
import { openAdvisoryStore, renewingStore } from './open-store.ts';
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
  const diagnostics: Diagnostic[] = [];
  const outcome = await renewingStore(
    toolbox,
    () => updateOpened(only, toolbox, (diagnostic) => void diagnostics.push(diagnostic)),
    ({ parameters }) => diagnostics.push({ code: 'store.renewed', severity: 'info', parameters }),
  );
  return { ...outcome, diagnostics };
}

async function updateOpened(only: readonly string[], toolbox: Toolbox, report: Report): Promise<UpdateOutcome> {
  const store = await openAdvisoryStore(toolbox, false);
  try {
    const { context } = toolbox;
    const io = { http: await toolbox.http(), store, context, cache: await toolbox.cache(), report };
    const wanted = only.length > 0 ? only.map(parsePart) : storedParts(store);
    const outcomes: UpdateOutcome[] = [];
    for (const feed of new Set(wanted.map((part) => part.feed))) {
      const ecosystems = [...new Set(wanted.filter((part) => part.feed === feed).map(({ part }) => part))].sort();
      const needs: FeedNeeds = { ecosystems, sources: [] };
      const source = await openFeed(feed, toolbox);
      const unknown = ecosystems.find((ecosystem) => !source.covers(ecosystem));
      if (unknown !== undefined) throw unknownPart(`${feed}:${unknown}`);
      outcomes.push(await updateStore([source], needs, io));
    }
    return {
      updated: outcomes.flatMap(({ updated }) => updated),
      uncovered: outcomes.flatMap(({ uncovered }) => uncovered),
    };
  } finally {
    await store.close();
  }
}

interface WantedPart {
  readonly feed: string;
  readonly part: string;
}

function storedParts(store: AdvisoryStore): readonly WantedPart[] {
  const whole = store.parts().filter(({ coverage }) => coverage === 'ecosystem');
  return whole.map(({ id, part }) => ({ feed: id, part }));
}

function parsePart(text: string): WantedPart {
  const colon = text.indexOf(':');
  if (!feedNames.some((name) => name === text.slice(0, colon))) throw unknownPart(text);
  return { feed: text.slice(0, colon), part: text.slice(colon + 1) };
}

function unknownPart(value: string): CinzelError {
  return new CinzelError('usage.value', { name: '--only', value, allowed: 'osv:PyPI, osv:Go, osv:Debian …' });
}
