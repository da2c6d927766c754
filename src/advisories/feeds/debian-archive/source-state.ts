import { asArray, asObject, asString, isObject, type JsonObject, parseJson } from '../../../core/json.ts';
import type { FeedCursor } from '../../store.ts';
import type { UnclearMention } from './analysis.ts';

/**
 * What is known about a source package: enough to answer without the network, also when the answer is that there is
 * nothing to read.
 */
export interface SourceState {
  /** Newest version in the archive; absent when the archive does not have the source. */
  readonly newest?: string;
  /**
   * The installed version from which on the changelog of `newest` was read; absent when it was not. It is the lowest
   * of all images that asked.
   */
  readonly readFrom?: string;
  /** Whether the changelog of `newest` was needed and could not be read. */
  readonly missing?: true;
  /** Lowest version that the changelog still had, when older entries were cut off. */
  readonly cutAt?: string;
  readonly unclear?: readonly UnclearMention[];
}

/** An index of the archive that was past its date. */
export interface ExpiredIndex {
  readonly suite: string;
  readonly date: string;
}

/** What the feed remembers of one release of Debian. */
export interface ArchiveState {
  /** ISO 8601 time at which the archive was asked last. */
  readonly askedAt?: string;
  readonly expired: readonly ExpiredIndex[];
  /** Suites that belong to the release and that the archive does not have. */
  readonly lacking: readonly string[];
  readonly sources: ReadonlyMap<string, SourceState>;
}

export const emptyState: ArchiveState = { expired: [], lacking: [], sources: new Map() };

const sourcePrefix = 'source ';

export function writeState({ askedAt, expired, lacking, sources }: ArchiveState): FeedCursor {
  return {
    ...(askedAt === undefined ? {} : { askedAt }),
    expired: JSON.stringify(expired),
    lacking: JSON.stringify(lacking),
    ...Object.fromEntries([...sources].map(([name, state]) => [sourcePrefix + name, JSON.stringify(state)])),
  };
}

/** A cursor that cannot be understood is one that knows less: what is lost is asked for again. */
export function readState(cursor: FeedCursor): ArchiveState {
  const askedAt = cursor['askedAt'];
  const sources = Object.entries(cursor).filter(([key]) => key.startsWith(sourcePrefix));
  return {
    ...(askedAt === undefined ? {} : { askedAt }),
    expired: objects(cursor['expired']).map((one) => ({ suite: text(one, 'suite'), date: text(one, 'date') })),
    lacking: asArray(parseJson(cursor['lacking'] ?? '[]', 'feed cursor')).flatMap((name) => asString(name) ?? []),
    sources: new Map(sources.map(([key, value]) => [key.slice(sourcePrefix.length), readSource(value)])),
  };
}

function readSource(value: string): SourceState {
  const state = asObject(parseJson(value, 'feed cursor')) ?? {};
  const optional = (key: 'newest' | 'readFrom' | 'cutAt'): object => {
    const found = asString(state[key]);
    return found === undefined ? {} : { [key]: found };
  };
  const unclear = asArray(state['unclear']).filter(isObject);
  return {
    ...optional('newest'),
    ...optional('readFrom'),
    ...optional('cutAt'),
    ...(state['missing'] === true ? { missing: true } : {}),
    ...(unclear.length === 0
      ? {}
      : {
          unclear: unclear.map((one) => ({
            id: text(one, 'id'),
            version: text(one, 'version'),
            line: text(one, 'line'),
          })),
        }),
  };
}

function objects(value: string | undefined): readonly JsonObject[] {
  return asArray(parseJson(value ?? '[]', 'feed cursor')).filter(isObject);
}

function text(one: JsonObject, key: string): string {
  return asString(one[key]) ?? '';
}
