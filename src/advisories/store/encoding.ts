import { compareText } from '../../core/compare-text.ts';
import type { Advisory, AdvisorySeverity, Affected, AffectedRange, RangeEvent } from '../model.ts';
import { parseStored } from './faults.ts';

/**
 * Values of the store are JSON. A package's value is a list of tuples, one for each affected entry that names it, with
 * just what evaluation needs; the rest of a record is stored once, under its id.
 */
export type PackageTuple = readonly [
  id: string,
  /** `E` or `S` (ECOSYSTEM, SEMVER), then the events: kind letter and version. */
  ranges: readonly (readonly [type: string, ...events: string[]])[],
  versions: readonly string[],
  severity?: readonly AdvisorySeverity[],
  state?: Affected['state'],
];

const kindLetters = { introduced: 'i', fixed: 'f', last_affected: 'l', limit: 'm' } as const;
export function encodeAffected(id: string, affected: Affected): string {
  const tuple: unknown[] = [id, affected.ranges.map(encodeRange), affected.versions];
  if (affected.severity !== undefined || affected.state !== undefined) tuple.push(affected.severity ?? []);
  if (affected.state !== undefined) tuple.push(affected.state);
  return JSON.stringify(tuple);
}

function encodeRange(range: AffectedRange): readonly string[] {
  return [range.type === 'SEMVER' ? 'S' : 'E', ...range.events.map(encodeEvent)];
}

function encodeEvent(event: RangeEvent): string {
  for (const [kind, letter] of Object.entries(kindLetters)) {
    const version = event[kind as keyof RangeEvent];
    if (version !== undefined) return `${letter}${version}`;
  }
  return '';
}

/** A package's value from encoded tuples: in one order, whatever order they came in. */
export function encodeTuples(tuples: readonly string[]): string {
  return `[${[...tuples].sort(compareText).join(',')}]`;
}

/** The tuples of a package's value. Throws `untrusted.store` when the store is damaged. */
export function decodePackage(value: Uint8Array, path: string): readonly PackageTuple[] {
  return parseStored(value, path) as unknown as readonly PackageTuple[];
}

export function decodeAffected(tuple: PackageTuple, ecosystem: string, name: string): Affected {
  const [, ranges, versions, severity, state] = tuple;
  const affected = { ecosystem, name, ranges: ranges.map(decodeRange), versions };
  if (severity === undefined) return affected;
  return {
    ...affected,
    ...(severity.length > 0 && { severity }),
    ...(state !== undefined && { state }),
  };
}

function decodeRange([type, ...events]: readonly [string, ...string[]]): AffectedRange {
  return { type: type === 'S' ? 'SEMVER' : 'ECOSYSTEM', events: events.map(decodeEvent) };
}

/** Written out, since every look-up comes through here: objects of a literal shape are several times faster. */
function decodeEvent(text: string): RangeEvent {
  const version = text.slice(1);
  switch (text.charAt(0)) {
    case kindLetters.introduced:
      return { introduced: version };
    case kindLetters.fixed:
      return { fixed: version };
    case kindLetters.last_affected:
      return { last_affected: version };
    default:
      return { limit: version };
  }
}

/** A record without its affected entries and feed, and the packages under which those are found. */
export interface StoredRecord extends Omit<Advisory, 'affected' | 'feed'> {
  readonly packages: readonly (readonly [ecosystem: string, name: string])[];
}

export function encodeRecord(advisory: Advisory): string {
  const { affected, feed: _feed, ...rest } = advisory;
  const names = new Map(affected.map(({ ecosystem, name }) => [`${ecosystem}\n${name}`, [ecosystem, name] as const]));
  return JSON.stringify({ ...rest, packages: [...names.values()] } satisfies StoredRecord);
}

export function decodeRecord(value: Uint8Array, path: string): StoredRecord {
  return parseStored(value, path) as unknown as StoredRecord;
}
