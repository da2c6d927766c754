import { isCinzelError } from '../../../core/errors.ts';
import { problemOfError } from '../../../core/problem-of-error.ts';
import { versionSchemes } from '../../../versions/index.ts';
import type { FeedIo, FeedOutcome, SourcePackage } from '../../feed.ts';
import { isFeedFault } from '../../feed-fault.ts';
import { askArchive } from './ask-archive.ts';
import { feedId, feedVersion } from './identity.ts';
import { reportKnown, uncoveredSources } from './report-known.ts';
import type { SourceArchive } from './source-archive.ts';
import { type ArchiveState, emptyState, readState } from './source-state.ts';

/** What is asked about one release of Debian. */
export interface ReleaseQuestion {
  /** `Debian:12`: also the name of the part in the store. */
  readonly ecosystem: string;
  readonly sources: readonly SourcePackage[];
  readonly open: (io: FeedIo) => Promise<SourceArchive>;
  /** Milliseconds. */
  readonly freshFor: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Answers about the source packages of one release: from the store where that is fresh and knows them all, else from
 * the archive, reading the changelogs of those that lag and have not been read.
 */
export async function updateRelease(question: ReleaseQuestion, io: FeedIo): Promise<FeedOutcome> {
  const known = knownState(question, io);
  if (isFresh(known, question) && question.sources.every((source) => isAnswered(source, known))) {
    return answer(question, known, [], io);
  }
  try {
    return answer(question, await askArchive(question, known, io), [question.ecosystem], io);
  } catch (error) {
    if (!isFeedFault(error)) throw error;
    const parameters = { feed: `${feedId} ${question.ecosystem}`, problem: problemOfError(error) };
    io.report({ code: 'feed.unreachable', severity: 'warning', parameters });
    return answerWithout(question, known, isCinzelError(error, 'environment.offline') ? 'offline' : 'unreachable', io);
  }
}

function knownState({ ecosystem }: ReleaseQuestion, io: FeedIo): ArchiveState {
  const part = io.store.part(feedId, ecosystem);
  return part === undefined || part.feedVersion !== feedVersion ? emptyState : readState(part.cursor);
}

function isFresh({ askedAt }: ArchiveState, { now, freshFor }: ReleaseQuestion): boolean {
  const age = now - Date.parse(askedAt ?? '');
  return age >= 0 && age < freshFor;
}

/** Whether nothing has to be read; what could not be read is not tried again while the answer is fresh. */
function isAnswered({ name, version }: SourcePackage, { sources }: ArchiveState): boolean {
  const state = sources.get(name);
  if (state === undefined) return false;
  const { newest, readFrom, missing } = state;
  if (newest === undefined || missing === true) return true;
  const order = versionSchemes.deb;
  if (order.compare(version, newest) >= 0) return true;
  return readFrom !== undefined && order.compare(readFrom, version) <= 0;
}

function answer(
  { ecosystem, sources }: ReleaseQuestion,
  state: ArchiveState,
  updated: readonly string[],
  io: FeedIo,
): FeedOutcome {
  reportKnown(sources, state, io.report);
  return { updated, uncovered: uncoveredSources(ecosystem, sources, state) };
}

/** The archive cannot be asked: what is known from before still holds, and for the rest there is no answer. */
function answerWithout(
  { ecosystem, sources }: ReleaseQuestion,
  known: ArchiveState,
  reason: 'offline' | 'unreachable',
  io: FeedIo,
): FeedOutcome {
  const answered = sources.filter((source) => isAnswered(source, known));
  if (answered.length === 0) return { updated: [], uncovered: [{ ecosystem, reason }] };
  reportKnown(answered, known, io.report);
  const open = sources.filter((source) => !answered.includes(source));
  return {
    updated: [],
    uncovered: [
      { ecosystem, reason: 'stale' },
      ...uncoveredSources(ecosystem, answered, known),
      ...open.map(({ name }) => ({ ecosystem, reason, package: name })),
    ],
  };
}
