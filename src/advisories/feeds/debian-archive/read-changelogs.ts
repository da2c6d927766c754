import { compareText } from '../../../core/compare-text.ts';
import { sha256 } from '../../../core/digest.ts';
import { isCinzelError } from '../../../core/errors.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { parseChangelog } from '../../../repositories/apt/changelog.ts';
import { readSourceChangelog } from '../../../repositories/apt/source-changelog.ts';
import { versionSchemes } from '../../../versions/index.ts';
import type { FeedIo } from '../../feed.ts';
import { analyseChangelog, type ChangelogAnalysis } from './analysis.ts';
import type { NewestSource, SourceArchive } from './source-archive.ts';

/** A source package whose changelog is wanted, from the version that is installed on. */
export interface WantedChangelog {
  readonly source: string;
  readonly installed: string;
  readonly newest: NewestSource;
}

/** What reading them needs. */
export type ChangelogIo = Pick<FeedIo, 'context' | 'cache'>;

const width = 6;
/** Of the text as it was read; what is made of it is made anew each time. */
const cacheVersion = 1;

/** What the changelogs say, in the order asked; undefined for one that cannot be had. */
export async function readChangelogs(
  wanted: readonly WantedChangelog[],
  archive: SourceArchive,
  io: ChangelogIo,
): Promise<readonly (ChangelogAnalysis | undefined)[]> {
  return inParallel(wanted, width, async (one) => {
    io.context.signal.throwIfAborted();
    const task = `changelog ${one.source}`;
    io.context.progress({ kind: 'start', task, what: 'changelog', name: one.source });
    try {
      const text = await changelogText(one, archive, io);
      return text === undefined ? undefined : analyse(one, text);
    } finally {
      io.context.progress({ kind: 'end', task });
    }
  });
}

async function changelogText(
  wanted: WantedChangelog,
  archive: SourceArchive,
  io: ChangelogIo,
): Promise<string | undefined> {
  const key = cacheKey(wanted);
  const cached = await io.cache.get(key);
  if (cached !== undefined) return Buffer.from(cached).toString('utf8');
  const text = await fetchText(wanted, archive, io);
  if (text !== undefined) await io.cache.put(key, Buffer.from(text));
  return text;
}

async function fetchText(
  { source, newest }: WantedChangelog,
  archive: SourceArchive,
  io: ChangelogIo,
): Promise<string | undefined> {
  try {
    return await readSourceChangelog({ name: source, ...newest }, archive.fetch, io.context.limits);
  } catch (error) {
    // One connection that broke, after the client's retries, must not take the other sources with it.
    if (isCinzelError(error, 'environment.network', 'environment.unauthorized')) return undefined;
    throw error;
  }
}

/** The same source version may be built again, with other hashes and the same changelog: that costs one more read. */
function cacheKey({ source, newest }: WantedChangelog): string {
  const hashes = newest.binaries.map((binary) => binary.sha256).sort(compareText);
  return `changelog ${cacheVersion} ${source} ${newest.version} ${sha256(hashes.join('\n'))}`;
}

function analyse({ installed, newest }: WantedChangelog, text: string): ChangelogAnalysis {
  return analyseChangelog(parseChangelog(text), { installed, newest: newest.version }, versionSchemes.deb);
}
