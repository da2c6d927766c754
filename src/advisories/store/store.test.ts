import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Advisory } from '../model.ts';
import type { AdvisoryStore, PartWrite } from '../store.ts';
import { sampleAdvisory, sampleAffected } from '../testing/sample-advisory.ts';
import { openStore } from './open-store.ts';

let directory = '';
let store: AdvisoryStore;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cinzel-store-'));
  store = await open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(readOnly = false): Promise<AdvisoryStore> {
  return openStore(directory, { readOnly, exclusive: (_path, write) => write() });
}

function part(name: string, advisories: readonly Advisory[], more: Partial<PartWrite> = {}): PartWrite {
  return {
    feed: 'osv',
    part: name,
    feedVersion: 1,
    advisories,
    cursor: { etag: '"1"' },
    updatedAt: '2024-01-01T00:00:00Z',
    ...more,
  };
}

function found(ecosystem: string, name: string): readonly string[] {
  return store.find(ecosystem, name).flatMap(({ affected }) => affected().map(({ id }) => id));
}

describe('what was written', () => {
  it('is found by package and by id, whole', async () => {
    const advisory = sampleAdvisory('A-1', {
      aliases: ['CVE-2024-1'],
      upstream: ['CVE-2024-2'],
      summary: 'A summary with "quotes", ünïcode and \\u0000 in text',
      details: 'd'.repeat(10_000),
      published: '2023-01-01T00:00:00Z',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
      affected: [
        {
          ecosystem: 'PyPI',
          name: 'demo',
          ranges: [
            { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2' }, { limit: '3' }] },
            { type: 'SEMVER', events: [{ introduced: '1.0.0' }, { last_affected: '1.0.5' }] },
          ],
          versions: ['1.0', '1.1'],
          severity: [{ type: 'Debian', score: 'low' }],
          state: 'wont-fix',
        },
        { ecosystem: 'PyPI', name: 'demo', ranges: [], versions: ['9'] },
        { ecosystem: 'Debian:12', name: 'other', ranges: [], versions: [], state: 'not-fixed' },
      ],
    });
    await store.replace(part('PyPI', [advisory]));
    expect(store.get('A-1')).toEqual(advisory);
    const [answer] = store.find('PyPI', 'demo');
    expect(answer).toMatchObject({ feed: 'osv', part: 'PyPI' });
    const [first, second] = answer?.affected() ?? [];
    const { affected, ...record } = advisory;
    expect(first).toMatchObject({ id: 'A-1', ...affected[0] });
    expect(second).toMatchObject({ id: 'A-1', ...affected[1] });
    expect(first?.record()).toEqual(record);
    expect(store.find('PyPI', 'absent')).toEqual([]);
    expect(store.find('npm', 'demo')).toEqual([]);
    expect(store.get('A-2')).toBeUndefined();
  });

  it('is described in the list of parts', async () => {
    const advisories = [
      sampleAdvisory('A-1', { affected: [sampleAffected('Debian:12', 'b'), sampleAffected('Debian:11', 'a')] }),
      sampleAdvisory('A-2'),
    ];
    await store.replace(part('Debian', advisories, { cursor: { etag: 'x', newest: '2024' } }));
    expect(store.parts()).toMatchObject([
      {
        id: 'osv',
        part: 'Debian',
        records: 2,
        feedVersion: 1,
        updatedAt: '2024-01-01T00:00:00Z',
        cursor: { etag: 'x', newest: '2024' },
        ecosystems: ['Debian:11', 'Debian:12', 'PyPI'],
        coverage: 'ecosystem',
      },
    ]);
    expect(store.part('osv', 'Debian')?.records).toBe(2);
    expect(store.part('osv', 'PyPI')).toBeUndefined();
  });

  it('is there again when the store is opened anew, read only', async () => {
    await store.replace(part('PyPI', [sampleAdvisory('A-1')]));
    await store.close();
    store = await open(true);
    expect(found('PyPI', 'demo')).toEqual(['A-1']);
    await expect(async () => store.replace(part('PyPI', []))).rejects.toMatchObject({
      code: 'environment.permission',
    });
  });
});

describe('a part', () => {
  it('is replaced as a whole and leaves other parts alone', async () => {
    await store.replace(part('PyPI', [sampleAdvisory('A-1'), sampleAdvisory('A-2')]));
    await store.replace(part('Other', [sampleAdvisory('B-1')]));
    await store.replace(part('PyPI', [sampleAdvisory('A-3')]));
    expect(found('PyPI', 'demo').toSorted()).toEqual(['A-3', 'B-1']);
    expect(store.get('A-1')).toBeUndefined();
    expect(store.get('B-1')?.id).toBe('B-1');
  });

  it('takes changed and removed records in a merge', async () => {
    await store.replace(part('PyPI', [sampleAdvisory('A-1'), sampleAdvisory('A-2'), sampleAdvisory('A-3')]));
    await store.merge({
      ...part('PyPI', [
        sampleAdvisory('A-2', { summary: 'new', affected: [sampleAffected('PyPI', 'moved')] }),
        sampleAdvisory('A-4'),
      ]),
      removed: ['A-3', 'A-99'],
      cursor: { newest: '2' },
    });
    expect(found('PyPI', 'demo')).toEqual(['A-1', 'A-4']);
    expect(found('PyPI', 'moved')).toEqual(['A-2']);
    expect(store.get('A-2')?.summary).toBe('new');
    expect(store.get('A-3')).toBeUndefined();
    expect(store.parts()).toMatchObject([{ records: 3, cursor: { newest: '2' } }]);
  });

  it('that answers package by package remembers packages without advisories', async () => {
    const checked = [
      { ecosystem: 'Debian:12', name: 'bash' },
      { ecosystem: 'Debian:12', name: 'curl' },
    ];
    const curl = sampleAdvisory('A-1', { affected: [sampleAffected('Debian:12', 'curl')] });
    await store.merge({ ...part('Debian:12', [curl]), checked, removed: [] });
    await store.merge({ ...part('Debian:12', []), checked: [{ ecosystem: 'Debian:12', name: 'zlib' }], removed: [] });
    expect(store.find('Debian:12', 'bash').map(({ affected }) => affected())).toEqual([[]]);
    expect(store.find('Debian:12', 'zlib')).toHaveLength(1);
    expect(store.find('Debian:12', 'git')).toEqual([]);
    expect(found('Debian:12', 'curl')).toEqual(['A-1']);
    expect(store.parts()).toMatchObject([{ coverage: 'package', ecosystems: ['Debian:12'] }]);
  });

  it('may come as a stream that fails, and is then as before', async () => {
    await store.replace(part('PyPI', [sampleAdvisory('A-1')]));
    async function* broken(): AsyncGenerator<Advisory> {
      yield sampleAdvisory('A-2', { details: 'x'.repeat(5_000_000) });
      throw new Error('cut');
    }
    await expect(store.replace({ ...part('PyPI', []), advisories: broken() })).rejects.toThrow('cut');
    expect(found('PyPI', 'demo')).toEqual(['A-1']);
    expect(store.get('A-2')).toBeUndefined();
  });
});

it('keeps what a reader sees until it looks anew', async () => {
  await store.replace(part('PyPI', [sampleAdvisory('A-1')]));
  const reader = await open(true);
  const answer = reader.find('PyPI', 'demo');
  for (let round = 0; round < 5; round += 1) {
    await store.replace(
      part(
        'PyPI',
        Array.from({ length: 500 }, (_, i) => sampleAdvisory(`B-${round}-${i}`)),
      ),
    );
  }
  expect(answer.flatMap(({ affected }) => affected().map(({ id }) => id))).toEqual(['A-1']);
  expect(reader.get('A-1')?.id).toBe('A-1');
  expect(found('PyPI', 'demo')).toHaveLength(500);
  await reader.close();
});

it('takes names of any length and writes that come at once', async () => {
  const names = ['x'.repeat(399), 'x'.repeat(400), 'x'.repeat(401), 'x'.repeat(1_000), 'ü'.repeat(400), '|', '}'];
  await Promise.all(
    names.map((name, index) =>
      store.replace(
        part(`part ${index}`, [sampleAdvisory(`A-${index}`, { affected: [sampleAffected('PyPI', name)] })]),
      ),
    ),
  );
  expect(names.map((name) => found('PyPI', name))).toEqual(names.map((_, index) => [`A-${index}`]));
});

it('behaves as a plain map of parts, whatever is written', async () => {
  const id: fc.Arbitrary<string> = fc.constantFrom('A-1', 'A-2', 'A-3', 'A-4');
  const affected = fc
    .record({ ecosystem: fc.constantFrom('PyPI', 'Debian:12'), name: fc.constantFrom('a', 'b', 'ab') })
    .map(({ ecosystem, name }) => sampleAffected(ecosystem, name));
  const advisory = fc
    .record({ id, affected: fc.uniqueArray(affected, { maxLength: 3, selector: (a) => a.ecosystem + a.name }) })
    .map((parts) => sampleAdvisory(parts.id, parts));
  const advisories = fc.uniqueArray(advisory, { selector: (a) => a.id });
  const step = fc.record({
    part: fc.constantFrom('x', 'y'),
    kind: fc.constantFrom('replace', 'merge'),
    advisories,
    removed: fc.array(id, { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      const model = new Map<string, Map<string, Advisory>>();
      for (const name of ['x', 'y']) await store.replace(part(name, []));
      for (const { part: name, kind, advisories: list, removed } of steps) {
        const kept = kind === 'merge' ? [...(model.get(name) ?? [])] : [];
        const others = kept.filter(([key]) => !removed.includes(key));
        model.set(name, new Map([...others, ...list.map((item) => [item.id, item] as const)]));
        await (kind === 'merge' ? store.merge({ ...part(name, list), removed }) : store.replace(part(name, list)));
      }
      for (const ecosystem of ['PyPI', 'Debian:12']) {
        for (const name of ['a', 'b', 'ab']) {
          const expected = [...model.values()].flatMap((records) =>
            [...records.values()].filter((item) =>
              item.affected.some((one) => one.ecosystem === ecosystem && one.name === name),
            ),
          );
          expect(found(ecosystem, name).toSorted()).toEqual(expected.map((item) => item.id).toSorted());
        }
      }
      const counts = ['x', 'y'].map((name) => store.part('osv', name)?.records);
      expect(counts).toEqual(['x', 'y'].map((name) => model.get(name)?.size ?? 0));
    }),
    { numRuns: 40, seed: 7 },
  );
});
