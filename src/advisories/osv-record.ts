import { asArray, asNumber, asObject, asString, asStrings, type JsonObject, type JsonValue } from '../core/json.ts';
import type { Problem } from '../core/problems.ts';
import type { BaseScore } from './cvss.ts';
import type { Advisory, AdvisorySeverity, Affected, AffectedRange, FeedId, RangeEvent } from './model.ts';

/** What became of a raw record. */
export type OsvRecordResult =
  | { readonly kind: 'advisory'; readonly advisory: Advisory }
  | { readonly kind: 'withdrawn'; readonly id: string }
  | { readonly kind: 'malformed'; readonly id: string; readonly problem: Problem };

const limits = { name: 1_000, text: 65_536, list: 100_000 } as const;

/**
 * Reads one OSV record (ossf.github.io/osv-schema 1.7). What has the wrong shape is left out; only a record without
 * a usable id, or that names packages of which none is readable, is malformed. Entries without a package (they are
 * about repositories) and GIT ranges are left out: no package version can be compared with a commit.
 */
export function readOsvRecord(raw: JsonValue, feed: FeedId, baseScore: BaseScore): OsvRecordResult {
  const record = asObject(raw);
  const id = identifier(record?.['id']);
  if (record === undefined || id === undefined) return { kind: 'malformed', id: '?', problem: 'no-id' };
  if (asString(record['withdrawn']) !== undefined) return { kind: 'withdrawn', id };
  const entries = asArray(record['affected']);
  const affected = entries.slice(0, limits.list).flatMap((entry) => readAffected(entry, baseScore));
  if (affected.length === 0 && entries.some((entry) => asObject(entry)?.['package'] !== undefined)) {
    return { kind: 'malformed', id, problem: 'no-affected' };
  }
  return { kind: 'advisory', advisory: advisory(id, feed, record, affected, baseScore) };
}

function advisory(
  id: string,
  feed: FeedId,
  record: JsonObject,
  affected: readonly Affected[],
  baseScore: BaseScore,
): Advisory {
  const published = asString(record['published']);
  const summary = text(record['summary']);
  const details = text(record['details']);
  return {
    id,
    feed,
    aliases: identifiers(record['aliases'], id),
    upstream: identifiers(record['upstream'], id),
    modified: asString(record['modified']) ?? '',
    ...(published !== undefined && { published }),
    ...(summary !== undefined && { summary }),
    ...(details !== undefined && { details }),
    severity: recordSeverity(record, baseScore),
    affected,
    references: references(id, record['references']),
  };
}

function readAffected(raw: JsonValue, baseScore: BaseScore): readonly Affected[] {
  const entry = asObject(raw);
  const target = asObject(entry?.['package']);
  const ecosystem = identifier(target?.['ecosystem']);
  const name = identifier(target?.['name']);
  if (entry === undefined || ecosystem === undefined || name === undefined) return [];
  const severity = affectedSeverity(entry, baseScore);
  return [
    {
      ecosystem,
      name,
      ranges: asArray(entry['ranges']).slice(0, limits.list).flatMap(readRange),
      versions: asStrings(entry['versions']).filter(isShort).slice(0, limits.list),
      ...(severity.length > 0 && { severity }),
    },
  ];
}

function readRange(raw: JsonValue): readonly AffectedRange[] {
  const range = asObject(raw);
  const type = range?.['type'];
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM') return [];
  const events = asArray(range?.['events']).slice(0, limits.list).flatMap(readEvents);
  return events.length > 0 ? [{ type, events }] : [];
}

const eventKinds = ['introduced', 'fixed', 'last_affected', 'limit'] as const;

/** One event for each kind that the object has: the schema wants one, publishers have written two. */
function readEvents(raw: JsonValue): readonly RangeEvent[] {
  const event = asObject(raw);
  if (event === undefined) return [];
  return eventKinds.flatMap((kind) => {
    const version = asString(event[kind]);
    return version !== undefined && isShort(version) ? [{ [kind]: version }] : [];
  });
}

/**
 * CVSS vectors and the scales of distributions; then, as publishers put them outside the schema, a plain word
 * (GitHub's `database_specific.severity`) and base scores without vectors (RubySec's `cvss_v3`).
 */
function recordSeverity(record: JsonObject, baseScore: BaseScore): readonly AdvisorySeverity[] {
  const specific = asObject(record['database_specific']);
  return [
    ...severityList(record['severity'], baseScore),
    ...word('database', specific?.['severity']),
    ...plainScore('CVSS_V3_SCORE', specific?.['cvss_v3']),
    ...plainScore('CVSS_V2_SCORE', specific?.['cvss_v2']),
  ];
}

function affectedSeverity(entry: JsonObject, baseScore: BaseScore): readonly AdvisorySeverity[] {
  const specific = asObject(entry['ecosystem_specific']);
  return [
    ...severityList(entry['severity'], baseScore),
    ...word('Debian', specific?.['urgency']),
    ...word('Ubuntu', specific?.['ubuntu_priority']),
  ];
}

function severityList(raw: JsonValue | undefined, baseScore: BaseScore): readonly AdvisorySeverity[] {
  return asArray(raw)
    .slice(0, 20)
    .flatMap((item) => {
      const type = asString(asObject(item)?.['type']);
      const score = asString(asObject(item)?.['score']);
      if (type === undefined || score === undefined || !isShort(type) || !isShort(score)) return [];
      const base = type.startsWith('CVSS_') ? baseScore(score) : undefined;
      return [{ type, score, ...(base !== undefined && { base }) }];
    });
}

function word(type: string, raw: JsonValue | undefined): readonly AdvisorySeverity[] {
  const score = asString(raw);
  return score !== undefined && score !== '' && isShort(score) ? [{ type, score }] : [];
}

function plainScore(type: string, raw: JsonValue | undefined): readonly AdvisorySeverity[] {
  const score = asNumber(raw);
  return score !== undefined && score >= 0 && score <= 10 ? [{ type, score: String(score), base: score }] : [];
}

function references(id: string, raw: JsonValue | undefined): readonly string[] {
  const urls = asArray(raw)
    .slice(0, 200)
    .map((item) => asString(asObject(item)?.['url']))
    .filter((url): url is string => url !== undefined && /^https?:\/\//.test(url) && url.length <= 4_096);
  return [...new Set([`https://osv.dev/vulnerability/${encodeURIComponent(id)}`, ...urls])];
}

function identifiers(raw: JsonValue | undefined, own: string): readonly string[] {
  const ids = asStrings(raw)
    .slice(0, 1_000)
    .flatMap((item) => identifier(item) ?? []);
  return [...new Set(ids)].filter((id) => id !== own);
}

/** Ids and names become keys and parts of addresses: no control characters, lone surrogates or unbounded length. */
function identifier(raw: JsonValue | undefined): string | undefined {
  const value = asString(raw);
  return value !== undefined && value !== '' && isShort(value) && !/[\p{Cc}\p{Cs}]/u.test(value) ? value : undefined;
}

function isShort(value: string): boolean {
  return value.length <= limits.name;
}

function text(raw: JsonValue | undefined): string | undefined {
  const value = asString(raw);
  return value === undefined || value === '' ? undefined : value.slice(0, limits.text);
}
