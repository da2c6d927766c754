import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../core/json.ts';
import { type OsvRecordResult, readOsvRecord } from './osv-record.ts';

function read(record: unknown): OsvRecordResult {
  return readOsvRecord(record as JsonValue, 'osv', (vector) => (vector.startsWith('CVSS:3.1/') ? 9.8 : undefined));
}

const whole = {
  schema_version: '1.7.0',
  id: 'DEBIAN-CVE-2024-0001',
  modified: '2024-01-02T00:00:00Z',
  published: '2024-01-01T00:00:00Z',
  aliases: ['GHSA-1', 'GHSA-1', 'DEBIAN-CVE-2024-0001', 7],
  related: ['CVE-1999-1'],
  upstream: ['CVE-2024-0001'],
  summary: 'Short',
  details: 'Long',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N' }, { type: 'CVSS_V4' }, 'x'],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: 'openssl', purl: 'pkg:deb/debian/openssl' },
      ranges: [
        { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0', limit: '4' }, {}, { fixed: 7 }] },
        { type: 'GIT', repo: 'https://example.com/r', events: [{ introduced: '0' }] },
        { type: 'SEMVER', events: [] },
      ],
      versions: ['1.0', null, '2.0'],
      ecosystem_specific: { urgency: 'low' },
    },
    { ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] },
    { package: { ecosystem: 'PyPI' } },
  ],
  references: [
    { type: 'WEB', url: 'https://example.com/a' },
    { type: 'WEB', url: 'javascript:alert(1)' },
    { type: 'WEB', url: 7 },
  ],
  database_specific: { severity: 'HIGH', cvss_v3: 7.5, cvss_v2: null },
};

describe('a record', () => {
  it('is reduced to what matching and reports need', () => {
    expect(read(whole)).toEqual({
      kind: 'advisory',
      advisory: {
        id: 'DEBIAN-CVE-2024-0001',
        feed: 'osv',
        aliases: ['GHSA-1'],
        upstream: ['CVE-2024-0001'],
        modified: '2024-01-02T00:00:00Z',
        published: '2024-01-01T00:00:00Z',
        summary: 'Short',
        details: 'Long',
        severity: [
          { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N', base: 9.8 },
          { type: 'database', score: 'HIGH' },
          { type: 'CVSS_V3_SCORE', score: '7.5', base: 7.5 },
        ],
        affected: [
          {
            ecosystem: 'Debian:12',
            name: 'openssl',
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0' }, { limit: '4' }] }],
            versions: ['1.0', '2.0'],
            severity: [{ type: 'Debian', score: 'low' }],
          },
        ],
        references: ['https://osv.dev/vulnerability/DEBIAN-CVE-2024-0001', 'https://example.com/a'],
      },
    });
  });

  it.each<[string, unknown, object]>([
    ['withdrawn', { id: 'A', withdrawn: '2024-01-01T00:00:00Z' }, { kind: 'withdrawn', id: 'A' }],
    ['about repositories only', { id: 'A', affected: [{ ranges: [] }] }, { kind: 'advisory' }],
    ['without affected', { id: 'A' }, { kind: 'advisory' }],
    ['without a readable package', { id: 'A', affected: [{ package: { name: 'x' } }] }, { kind: 'malformed', id: 'A' }],
    ['without id', { affected: [] }, { kind: 'malformed' }],
    ['with an id of control characters', { id: 'A\n' }, { kind: 'malformed' }],
    ['with an endless id', { id: 'A'.repeat(2_000) }, { kind: 'malformed' }],
    ['that is a list', [], { kind: 'malformed' }],
    ['that is nothing', null, { kind: 'malformed' }],
  ])('%s', (_name, record, expected) => {
    expect(read(record)).toMatchObject(expected);
  });

  it('of any shape is read or refused, never a crash', () => {
    const keys = [
      'id',
      'affected',
      'package',
      'ecosystem',
      'name',
      'ranges',
      'type',
      'events',
      'introduced',
      'versions',
    ];
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom<unknown>(null, true, 0, -1, '', '0', 'SEMVER', 'ECOSYSTEM', 'PyPI', '\uDC80'),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys, 'severity', 'references', 'aliases', 'database_specific'), tie('node')),
      ),
    }));
    fc.assert(
      fc.property(node, (record) => {
        const result = read(typeof record === 'object' && record !== null ? { id: 'A', ...record } : record);
        expect(['advisory', 'withdrawn', 'malformed']).toContain(result.kind);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });
});
