import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../../../core/context.ts';
import type { Diagnostic } from '../../../core/diagnostics.ts';
import { createHttpClient } from '../../../net/http-client.ts';
import type { FeedOutcome } from '../../feed.ts';
import { openStore } from '../../store/open-store.ts';
import type { AdvisoryStore } from '../../store.ts';
import { makeZip } from '../../testing/make-zip.ts';
import { type OsvJson, type OsvServer, startOsvServer } from '../../testing/osv-server.ts';
import { createOsvFeed } from './index.ts';

const shared = join(import.meta.dirname, '../../../../../shared/feeds/osv');

let directory = '';
let store: AdvisoryStore;
let server: OsvServer;
let diagnostics: Diagnostic[] = [];
const http = createHttpClient({ retries: 0, environment: {} });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cinzel-osv-'));
  store = await openStore(directory, { readOnly: false, exclusive: (_path, write) => write() });
  server = await startOsvServer();
  diagnostics = [];
});

afterEach(async () => {
  await store.close();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function update(ecosystems: readonly string[], time = '2024-06-01T00:00:00Z'): Promise<FeedOutcome> {
  server.requests.length = 0;
  return createOsvFeed({ url: `${server.url}/` }).update(
    { ecosystems, sources: [] },
    {
      http,
      store,
      context: createContext({ now: () => new Date(time) }),
      cache: { get: async () => undefined, put: async () => undefined },
      report: (diagnostic) => diagnostics.push(diagnostic),
    },
  );
}

function record(id: string, modified: string, more: Readonly<Record<string, unknown>> = {}): OsvJson {
  return {
    id,
    modified,
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'demo' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }],
        versions: ['1.0', '1.1', '3.0', 'not a version'],
      },
    ],
    ...more,
  };
}

function ids(ecosystem = 'PyPI', name = 'demo'): readonly string[] {
  return store.find(ecosystem, name).flatMap(({ affected }) => affected().map(({ id }) => id));
}

const first = [
  record('A-1', '2024-01-01T00:00:00Z'),
  record('A-2', '2024-01-03T00:00:00.123456Z'),
  record('A-3', '2024-01-03T00:00:00.123456Z'),
];

describe('the first update', () => {
  it('fetches the archive of the ecosystems that are needed, and nothing else', async () => {
    server.publish('PyPI', [...first, record('A-4', '2024-01-02T00:00:00Z', { withdrawn: '2024-01-02T00:00:00Z' })]);
    server.publish('npm', []);
    expect(await update(['PyPI'])).toEqual({ updated: ['PyPI'], uncovered: [] });
    expect(server.requests).toEqual(['200 PyPI/all.zip']);
    expect(ids()).toEqual(['A-1', 'A-2', 'A-3']);
    expect(store.part('osv', 'PyPI')).toMatchObject({ records: 3, updatedAt: '2024-06-01T00:00:00.000Z' });
    expect(readdirSync(directory).filter((name) => name.startsWith('download-'))).toEqual([]);
  });

  it('keeps of the listed versions only those that no range holds', async () => {
    server.publish('PyPI', first);
    await update(['PyPI']);
    const [found] = store.find('PyPI', 'demo').flatMap(({ affected }) => affected());
    expect(found?.versions).toEqual(['3.0', 'not a version']);
  });

  it('says which releases and ecosystems are not published', async () => {
    const debian = { package: { ecosystem: 'Debian:11', name: 'bash' }, ranges: [] };
    server.publish('Debian', [record('D-1', '2024-01-01T00:00:00Z', { affected: [debian] })]);
    expect(await update(['Debian:11', 'Debian:12', 'Maven'])).toEqual({
      updated: ['Debian'],
      uncovered: [
        { ecosystem: 'Debian:12', reason: 'not-published' },
        { ecosystem: 'Maven', reason: 'not-published' },
      ],
    });
  });

  it('leaves malformed records out and names them', async () => {
    server.publish('PyPI', first);
    const good = JSON.stringify(first[0]);
    server.put(
      'PyPI/all.zip',
      makeZip({ 'A-1.json': good, 'B.json': '{"id": 1}', 'C.json': '<html>', 'D.json': '[]' }),
    );
    await update(['PyPI']);
    expect(ids()).toEqual(['A-1']);
    expect(diagnostics.map(({ parameters }) => parameters)).toEqual([
      { feed: 'osv', record: 'PyPI/B.json', problem: 'no-id' },
      { feed: 'osv', record: 'PyPI/C.json', problem: 'no-json' },
      { feed: 'osv', record: 'PyPI/D.json', problem: 'no-id' },
    ]);
  });
});

describe('a later update', () => {
  beforeEach(async () => {
    server.publish('PyPI', first);
    await update(['PyPI']);
  });

  it('costs one small request when nothing changed', async () => {
    await update(['PyPI']);
    expect(server.requests).toEqual(['200 PyPI/modified_id.csv']);
    expect(await update(['PyPI'], '2024-06-02T00:00:00Z')).toEqual({ updated: ['PyPI'], uncovered: [] });
    expect(server.requests).toEqual(['304 PyPI/modified_id.csv']);
    expect(store.part('osv', 'PyPI')).toMatchObject({ records: 3, updatedAt: '2024-06-02T00:00:00.000Z' });
  });

  it('fetches only changed records, drops withdrawn ones, and takes new ones of the newest time', async () => {
    server.publish('PyPI', [
      ...first.slice(0, 2),
      record('A-3', '2024-02-01T00:00:00Z', { withdrawn: '2024-02-01T00:00:00Z' }),
      record('A-4', '2024-01-03T00:00:00.123456Z'),
      record('A-5', '2024-02-02T00:00:00Z'),
    ]);
    await update(['PyPI']);
    expect(server.requests.toSorted()).toEqual([
      '200 PyPI/A-3.json',
      '200 PyPI/A-4.json',
      '200 PyPI/A-5.json',
      '200 PyPI/modified_id.csv',
    ]);
    expect(ids()).toEqual(['A-1', 'A-2', 'A-4', 'A-5']);
    await update(['PyPI']);
    expect(server.requests).toEqual(['304 PyPI/modified_id.csv']);
  });

  it('lets the archive decide about a record that is listed and not there', async () => {
    const archive = server.file('PyPI/all.zip');
    server.publish('PyPI', [...first.slice(0, 2), record('A-3', '2024-02-01T00:00:00Z')]);
    server.remove('PyPI/A-3.json');
    server.put('PyPI/all.zip', archive);
    await update(['PyPI']);
    expect(server.requests).toEqual(['200 PyPI/modified_id.csv', '404 PyPI/A-3.json', '304 PyPI/all.zip']);
    expect(ids()).toEqual(['A-1', 'A-2', 'A-3']);
    server.publish('PyPI', [...first.slice(0, 2), record('A-3', '2024-02-02T00:00:00Z')]);
    server.remove('PyPI/A-3.json');
    server.put('PyPI/all.zip', makeZip({ 'A-1.json': JSON.stringify(first[0]) }));
    await update(['PyPI']);
    expect(ids()).toEqual(['A-1']);
  });

  it('drops records that are listed no more, once a week', async () => {
    server.publish('PyPI', [...first.slice(0, 1), record('A-2', '2024-02-03T00:00:00Z')]);
    await update(['PyPI']);
    expect(ids()).toEqual(['A-1', 'A-2', 'A-3']);
    server.publish('PyPI', [...first.slice(0, 1), record('A-2', '2024-02-04T00:00:00Z')]);
    await update(['PyPI'], '2024-06-09T00:00:00Z');
    expect(ids()).toEqual(['A-1', 'A-2']);
  });

  it('sees changes although a record claims to be from the future', async () => {
    server.publish('PyPI', [...first, record('A-9', '2999-01-01T00:00:00Z')]);
    await update(['PyPI']);
    const later = new Date(Date.now() + 1_000).toISOString();
    server.publish('PyPI', [...first, record('A-9', '2999-01-01T00:00:00Z'), record('A-10', later)]);
    await update(['PyPI']);
    expect(ids()).toEqual(['A-1', 'A-10', 'A-2', 'A-3', 'A-9']);
  });

  it('does not take an empty list for the end of all records', async () => {
    server.put('PyPI/modified_id.csv', '\n');
    await update(['PyPI'], '2024-06-09T00:00:00Z');
    expect(ids()).toEqual(['A-1', 'A-2', 'A-3']);
  });

  it('keeps a record whose new form is unreadable', async () => {
    server.publish('PyPI', [...first.slice(0, 2), record('A-3', '2024-02-01T00:00:00Z')]);
    server.put('PyPI/A-3.json', '{');
    await update(['PyPI']);
    expect(ids()).toEqual(['A-1', 'A-2', 'A-3']);
    expect(diagnostics).toMatchObject([{ code: 'feed.malformed' }]);
  });

  it('takes the archive when much changed', async () => {
    const many = Array.from({ length: 300 }, (_, index) => record(`B-${index}`, '2024-03-01T00:00:00Z'));
    server.publish('PyPI', many);
    await update(['PyPI']);
    expect(server.requests).toEqual(['200 PyPI/modified_id.csv', '200 PyPI/all.zip']);
    expect(ids()).toHaveLength(300);
  });

  it('asks for the archive, conditionally, where there is no list', async () => {
    server.remove('PyPI/modified_id.csv');
    await update(['PyPI']);
    expect(server.requests).toEqual(['404 PyPI/modified_id.csv', '304 PyPI/all.zip']);
  });

  it('starts anew when the address is another', async () => {
    const other = await startOsvServer();
    other.publish('PyPI', [record('Z-1', '2020-01-01T00:00:00Z')]);
    const old = server;
    server = other;
    await update(['PyPI']);
    await old.close();
    expect(ids()).toEqual(['Z-1']);
  });
});

describe('an export that cannot be read', () => {
  it('is a diagnostic and uncovered, and data from before stays', async () => {
    server.publish('PyPI', first);
    await update(['PyPI']);
    const lost = createOsvFeed({ url: server.url });
    await server.close();
    const outcome = await lost.update(
      { ecosystems: ['PyPI', 'npm'], sources: [] },
      {
        http,
        store,
        context: createContext(),
        cache: { get: async () => undefined, put: async () => undefined },
        report: (diagnostic) => diagnostics.push(diagnostic),
      },
    );
    expect(outcome).toEqual({
      updated: [],
      uncovered: [
        { ecosystem: 'PyPI', reason: 'stale' },
        { ecosystem: 'npm', reason: 'unreachable' },
      ],
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['feed.unreachable', 'feed.unreachable']);
    expect(ids()).toEqual(['A-1', 'A-2', 'A-3']);
    server = await startOsvServer();
  });

  it.each([
    ['a body that is no archive', 'not a zip'],
    ['a cut archive', undefined],
  ])('leaves the store as it was: %s', async (_name, body) => {
    server.publish('PyPI', first);
    const whole = makeZip(Object.fromEntries(first.map((item) => [`${item.id}.json`, JSON.stringify(item)])));
    server.put('PyPI/all.zip', body ?? whole.subarray(0, whole.length - 30));
    expect(await update(['PyPI'])).toEqual({ updated: [], uncovered: [{ ecosystem: 'PyPI', reason: 'unreachable' }] });
    expect(store.part('osv', 'PyPI')).toBeUndefined();
    expect(readdirSync(directory).filter((name) => name.startsWith('download-'))).toEqual([]);
  });

  it('does not take a list without line ends into memory', async () => {
    server.publish('PyPI', first);
    await update(['PyPI']);
    server.put('PyPI/modified_id.csv', 'x'.repeat(100_000));
    expect((await update(['PyPI'])).uncovered).toEqual([{ ecosystem: 'PyPI', reason: 'stale' }]);
  });
});

describe.skipIf(!existsSync(shared))('the real records', () => {
  const ecosystems = ['Debian', 'Go', 'Packagist', 'PyPI', 'RubyGems', 'crates.io', 'npm'];

  it('are all taken, and nothing is fetched twice', async () => {
    for (const name of ecosystems) {
      for (const file of ['all.zip', 'modified_id.csv']) {
        server.put(`${name}/${file}`, readFileSync(join(shared, name, file)));
      }
    }
    const wanted = ecosystems.map((name) => (name === 'Debian' ? 'Debian:11' : name));
    expect((await update(wanted)).updated).toEqual(ecosystems);
    expect(diagnostics).toEqual([]);
    const records = ecosystems.map((name) => store.part('osv', name)?.records);
    expect(records).toEqual([4267, 4274, 1592, 2651, 1198, 1148, 460]);
    await update(wanted);
    expect(server.requests).toEqual(ecosystems.map((name) => `200 ${name}/modified_id.csv`));
    expect(store.find('Go', 'stdlib').flatMap(({ affected }) => affected()).length).toBeGreaterThan(50);
  });
});
