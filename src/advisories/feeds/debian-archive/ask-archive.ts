import type { Diagnostic } from '../../../core/diagnostics.ts';
import { versionSchemes } from '../../../versions/index.ts';
import type { FeedIo, SourcePackage } from '../../feed.ts';
import { advisoriesOf } from './advisories.ts';
import type { ChangelogAnalysis } from './analysis.ts';
import { feedId, feedVersion } from './identity.ts';
import { readChangelogs, type WantedChangelog } from './read-changelogs.ts';
import type { SourceArchive } from './source-archive.ts';
import { type ArchiveState, type ExpiredIndex, type SourceState, writeState } from './source-state.ts';
import type { ReleaseQuestion } from './update-release.ts';

const order = versionSchemes.deb;

/** Asks the archive, reads what has to be read, and writes both to the store. */
export async function askArchive(question: ReleaseQuestion, known: ArchiveState, io: FeedIo): Promise<ArchiveState> {
  const faults: ArchiveFaults = { expired: [], lacking: [] };
  const archive = await question.open({ ...io, report: (diagnostic) => keepFault(diagnostic, faults, io) });
  const sources = currentStates(question, known, archive);
  const wanted = wantedChangelogs(question, known, sources, archive);
  const analyses = await readChangelogs(wanted, archive, io);
  for (const [index, one] of wanted.entries()) sources.set(one.source, stateOf(one, analyses[index]));
  const state = { askedAt: new Date(question.now).toISOString(), ...faults, sources };
  await write(question, state, wanted, analyses, io);
  return state;
}

interface ArchiveFaults {
  readonly expired: ExpiredIndex[];
  readonly lacking: string[];
}

/** Faults of the archive are told with every answer that comes from it, so they are remembered and not passed on. */
function keepFault(diagnostic: Diagnostic, { expired, lacking }: ArchiveFaults, io: FeedIo): void {
  if (diagnostic.code === 'archive.expired') expired.push(diagnostic.parameters);
  else if (diagnostic.code === 'archive.suite-missing') lacking.push(diagnostic.parameters.suite);
  else io.report(diagnostic);
}

/** What is known of each source, also of those that are not asked for now, where its newest version is the same. */
function currentStates(
  question: ReleaseQuestion,
  known: ArchiveState,
  archive: SourceArchive,
): Map<string, SourceState> {
  const names = new Set([...known.sources.keys(), ...question.sources.map(({ name }) => name)]);
  return new Map(
    [...names].map((name) => {
      const newest = archive.newest(name)?.version;
      const before = known.sources.get(name);
      if (before !== undefined && before.newest === newest && before.missing !== true) return [name, before];
      return [name, newest === undefined ? {} : { newest }];
    }),
  );
}

function wantedChangelogs(
  question: ReleaseQuestion,
  known: ArchiveState,
  sources: ReadonlyMap<string, SourceState>,
  archive: SourceArchive,
): readonly WantedChangelog[] {
  return [...lowestVersions(question.sources)].flatMap(([source, version]): readonly WantedChangelog[] => {
    const newest = archive.newest(source);
    if (newest === undefined || order.compare(version, newest.version) >= 0) return [];
    const readFrom = sources.get(source)?.readFrom;
    if (readFrom !== undefined && order.compare(readFrom, version) <= 0) return [];
    return [{ source, installed: lower(version, known.sources.get(source)?.readFrom), newest }];
  });
}

function lowestVersions(sources: readonly SourcePackage[]): ReadonlyMap<string, string> {
  const lowest = new Map<string, string>();
  for (const { name, version } of sources) lowest.set(name, lower(version, lowest.get(name)));
  return lowest;
}

function lower(version: string, other: string | undefined): string {
  return other !== undefined && order.compare(other, version) < 0 ? other : version;
}

function stateOf({ installed, newest }: WantedChangelog, analysis: ChangelogAnalysis | undefined): SourceState {
  if (analysis === undefined) return { newest: newest.version, missing: true };
  const { cutAt, unclear } = analysis;
  return {
    newest: newest.version,
    readFrom: installed,
    ...(cutAt === undefined ? {} : { cutAt }),
    ...(unclear.length === 0 ? {} : { unclear }),
  };
}

async function write(
  { ecosystem, sources }: ReleaseQuestion,
  state: ArchiveState,
  wanted: readonly WantedChangelog[],
  analyses: readonly (ChangelogAnalysis | undefined)[],
  io: FeedIo,
): Promise<void> {
  const readAt = io.context.now().toISOString();
  const advisories = wanted.flatMap(({ source }, index) =>
    advisoriesOf(analyses[index]?.fixes ?? [], { ecosystem, source, readAt }),
  );
  const read = wanted.filter((_, index) => analyses[index] !== undefined);
  const kept = new Set(advisories.map(({ id }) => id));
  const removed = read.flatMap(({ source }) => idsInStore(ecosystem, source, io)).filter((id) => !kept.has(id));
  const checked = sources.filter(({ name }) => isKnown(state.sources.get(name)));
  await io.store.merge({
    feed: feedId,
    part: ecosystem,
    feedVersion,
    advisories,
    removed,
    cursor: writeState(state),
    updatedAt: readAt,
    checked: checked.map(({ name }) => ({ ecosystem, name })),
  });
}

function idsInStore(ecosystem: string, source: string, io: FeedIo): readonly string[] {
  const own = io.store.find(ecosystem, source).filter(({ feed }) => feed === feedId);
  return own.flatMap(({ affected }) => affected().map(({ id }) => id));
}

function isKnown(state: SourceState | undefined): boolean {
  return state?.newest !== undefined && state.missing !== true;
}
