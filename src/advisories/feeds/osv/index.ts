import { compareText } from '../../../core/compare-text.ts';
import { problemOfError } from '../../../core/problem-of-error.ts';
import { coversEcosystem } from '../../coverage.ts';
import { baseEcosystem, knownEcosystems } from '../../ecosystems.ts';
import type { Feed, FeedIo, FeedNeeds, FeedOutcome, Uncovered } from '../../feed.ts';
import { isFeedFault } from '../../feed-fault.ts';
import { osvFeedVersion } from './cursor.ts';
import { type PartAnswer, updateOsvPart } from './part.ts';

export interface OsvFeedOptions {
  /** Where `ECOSYSTEM/all.zip` and `ECOSYSTEM/modified_id.csv` are (google.github.io/osv.dev/data/#data-dumps). */
  readonly url: string;
}

/**
 * OSV's bulk export. An ecosystem is one part of the store: fetched whole the first time, afterwards only the records
 * that its list of changes names since the last time.
 */
export function createOsvFeed(options: OsvFeedOptions): Feed {
  const base = options.url.replace(/\/+$/, '');
  return {
    id: 'osv',
    version: osvFeedVersion,
    covers: (ecosystem) => knownEcosystems.includes(baseEcosystem(ecosystem)),
    update: (needs, io) => updateParts(base, needs, io),
  };
}

async function updateParts(base: string, needs: FeedNeeds, io: FeedIo): Promise<FeedOutcome> {
  const updated: string[] = [];
  const uncovered: Uncovered[] = [];
  for (const name of [...new Set(needs.ecosystems.map(baseEcosystem))].sort(compareText)) {
    io.context.signal.throwIfAborted();
    const wanted = needs.ecosystems.filter((ecosystem) => baseEcosystem(ecosystem) === name);
    const answer = await updatePart(base, name, io);
    if (answer === 'updated') updated.push(name);
    uncovered.push(...uncoveredOf(name, wanted, answer, io));
  }
  return { updated, uncovered };
}

async function updatePart(base: string, name: string, io: FeedIo): Promise<PartAnswer | 'unreachable'> {
  const task = `osv ${name}`;
  io.context.progress({ kind: 'start', task, what: 'feed', name: task });
  try {
    return await updateOsvPart({
      base,
      name,
      io,
      onProgress: (done) => io.context.progress({ kind: 'advance', task, done }),
    });
  } catch (error) {
    if (!isFeedFault(error)) throw error;
    io.report({
      code: 'feed.unreachable',
      severity: 'warning',
      parameters: { feed: task, problem: problemOfError(error) },
    });
    return 'unreachable';
  } finally {
    io.context.progress({ kind: 'end', task });
  }
}

function uncoveredOf(
  name: string,
  wanted: readonly string[],
  answer: PartAnswer | 'unreachable',
  io: FeedIo,
): readonly Uncovered[] {
  const part = io.store.part('osv', name);
  return wanted.flatMap((ecosystem): readonly Uncovered[] => {
    // Without a release the whole ecosystem was asked for, as an update without an image does.
    const known = part !== undefined && (ecosystem === name || coversEcosystem(part, ecosystem));
    if (answer === 'unreachable') return [{ ecosystem, reason: known ? 'stale' : 'unreachable' }];
    return known ? [] : [{ ecosystem, reason: 'not-published' }];
  });
}
