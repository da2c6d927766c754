import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RangeEvent } from '../advisories/model.ts';
import { rangeHolds } from '../advisories/range.ts';
import { versionSchemes } from '../versions/index.ts';
import { evaluateAffected } from './osv-evaluate.ts';

function affected(ecosystem: string, events: readonly RangeEvent[], versions: readonly string[] = []) {
  return { ecosystem, name: 'x', ranges: [{ type: 'ECOSYSTEM' as const, events }], versions };
}

const i = (introduced: string): RangeEvent => ({ introduced });
const f = (fixed: string): RangeEvent => ({ fixed });
const l = (last_affected: string): RangeEvent => ({ last_affected });
const m = (limit: string): RangeEvent => ({ limit });

describe('a range holds a version', () => {
  it.each<[string, readonly RangeEvent[], string, string]>([
    [
      'from introduced to before fixed',
      [i('1.0.0'), f('2.0.0')],
      '1.0.0 1.9.9 2.0.0-rc.1',
      '0.9.9 1.0.0-rc.1 2.0.0 3.0.0',
    ],
    ['up to last_affected', [i('1.0.0'), l('2.0.0')], '1.0.0 2.0.0', '0.1.0 2.0.1'],
    ['from the beginning', [i('0'), f('1.0.0')], '0.0.0-alpha 0.0.1', '1.0.0'],
    ['without end', [i('1.0.0')], '1.0.0 99.0.0', '0.9.0'],
    ['in several pieces', [i('1.0.0'), f('1.1.0'), i('2.0.0'), f('2.1.0')], '1.0.5 2.0.5', '1.1.0 1.9.0 2.1.0'],
    ['in any order of events', [f('2.1.0'), i('2.0.0'), f('1.1.0'), i('1.0.0')], '1.0.5 2.0.5', '1.1.0 1.9.0 2.1.0'],
    ['not where it is fixed and introduced at once', [i('1.0.0'), f('1.0.0')], '', '0.9.0 1.0.0 1.1.0'],
    ['where it is introduced and last affected at once', [i('1.0.0'), l('1.0.0')], '1.0.0', '0.9.0 1.0.1'],
    ['before a limit', [i('1.0.0'), m('2.0.0')], '1.0.0 1.9.0', '2.0.0 3.0.0'],
    ['before any of several limits', [i('1.0.0'), m('2.0.0'), m('3.0.0')], '2.5.0', '3.0.0'],
    ['before the limit of everything', [i('1.0.0'), m('2.0.0'), m('*')], '99.0.0', '0.1.0'],
    ['never, with no event that introduces', [f('1.0.0')], '', '0.1.0 1.0.0'],
  ])('%s', (_name, events, inside, outside) => {
    const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
    const holds = (version: string): boolean => evaluateAffected(affected('npm', events), version) !== undefined;
    expect(words(inside).filter((version) => !holds(version))).toEqual([]);
    expect(words(outside).filter(holds)).toEqual([]);
  });

  it('as the specification says it, step by step', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(2)).map(([a, b]) => `${a}.${b}.0`);
    const event = fc.oneof(fc.constantFrom(i('0')), version.map(i), version.map(f), version.map(l), version.map(m));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 7 }), version, (events, asked) => {
        expect(rangeHolds(events, asked, versionSchemes.semver)).toBe(literally(events, asked));
      }),
      { numRuns: 5_000, seed: 11 },
    );
  });

  /** The pseudo-code of the specification's "Evaluation" section. */
  function literally(events: readonly RangeEvent[], version: string): boolean {
    const { compare } = { compare: (a: string, b: string) => versionSchemes.semver.compare(a, b) };
    const limits = events.flatMap(({ limit }) => limit ?? []);
    if (limits.length > 0 && !limits.some((limit) => compare(version, limit) < 0)) return false;
    const rank = (event: RangeEvent): number =>
      event.introduced !== undefined ? 0 : event.last_affected !== undefined ? 1 : 2;
    const at = (event: RangeEvent): string => event.introduced ?? event.fixed ?? event.last_affected ?? '';
    const place = (event: RangeEvent): string => (event.introduced === '0' ? '0.0.0-0' : at(event));
    const sorted = events
      .filter(({ limit }) => limit === undefined)
      .toSorted((a, b) => compare(place(a), place(b)) || rank(a) - rank(b));
    let vulnerable = false;
    for (const event of sorted) {
      if (event.introduced !== undefined && compare(version, place(event)) >= 0) vulnerable = true;
      else if (event.fixed !== undefined && compare(version, event.fixed) >= 0) vulnerable = false;
      else if (event.last_affected !== undefined && compare(version, event.last_affected) > 0) vulnerable = false;
    }
    return vulnerable;
  }
});

describe('a listed version', () => {
  it.each([
    ['PyPI', '1.0', '1.0.0', true],
    ['PyPI', '1.0', 'v1.0', true],
    ['PyPI', '1.0', '1.0.1', false],
    ['npm', '1.0.0', '1.0.0+build', true],
    ['Debian:12', '1.0-1', '0:1.0-1', true],
    ['GitHub Actions', '1.0', '1.0', true],
    ['GitHub Actions', '1.0', '1.0.0', false],
    ['PyPI', '(devel)', '(devel)', true],
    ['PyPI', '(devel)', '(other)', false],
  ])('of %s: %s is %s: %s', (ecosystem, listed, version, expected) => {
    expect(evaluateAffected(affected(ecosystem, [], [listed]), version) !== undefined).toBe(expected);
  });
});

it.each([
  ['a version without a place is in no range', 'PyPI', [i('0')], 'not a version', false],
  ['an ecosystem without an order has no ranges', 'GitHub Actions', [i('0')], '1', false],
  ['bare Alpine has no ranges', 'Alpine', [i('0')], '1', false],
  ['Alpine with a release has', 'Alpine:v3.18', [i('0')], '1', true],
  ['bare Ubuntu has no ranges', 'Ubuntu', [i('0')], '1', false],
  ['Ubuntu with a release has', 'Ubuntu:22.04:LTS', [i('0')], '1', true],
  ['a loose npm version has a place', 'npm', [i('0')], '1.2', true],
] as const)('%s', (_name, ecosystem, events, version, expected) => {
  expect(evaluateAffected(affected(ecosystem, events), version) !== undefined).toBe(expected);
});
