import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareText } from '../../../core/compare-text.ts';
import { createContext } from '../../../core/context.ts';
import type { Diagnostic } from '../../../core/diagnostics.ts';
import { CinzelError } from '../../../core/errors.ts';
import { changelogDeb } from '../../../repositories/apt/testing/changelog-deb.ts';
import type { FeedCache, FeedOutcome } from '../../feed.ts';
import { openStore } from '../../store/open-store.ts';
import type { AdvisoryStore } from '../../store.ts';
import { createDebianArchiveFeed } from './index.ts';
import type { ArchiveBinary, SourceArchive } from './source-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-debian-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ecosystem = 'Debian:12';
const hour = 3_600_000;

interface Upload {
  readonly version: string;
  readonly lines: readonly string[];
}

/** A suite by source package, newest upload first. */
type Suite = Record<string, readonly Upload[]>;

const openssl: readonly Upload[] = [
  { version: '3.0.9-1+deb12u2', lines: ['CVE-2024-0002: two', 'This version is not affected by CVE-2024-0009'] },
  { version: '3.0.9-1+deb12u1', lines: ['CVE-2024-0001: one'] },
  { version: '3.0.9-1', lines: ['New release, fixing CVE-2023-0001'] },
];

let store: AdvisoryStore;
let cached: Map<string, Uint8Array>;
let clock: number;
let suite: Suite;
let fetched: string[];
let opened: number;
let fault: CinzelError | undefined;
let brokenDownload: CinzelError | undefined;
let diagnostics: Diagnostic[];
let openDiagnostics: Diagnostic[];
let note: string;

beforeEach(async () => {
  store = await openStore(mkdtempSync(join(folder, 'store-')), {
    readOnly: false,
    exclusive: (_path, write) => write(),
  });
  cached = new Map();
  clock = Date.parse('2024-07-01T00:00:00Z');
  suite = { openssl };
  fault = undefined;
  brokenDownload = undefined;
  openDiagnostics = [];
  opened = 0;
  note = '';
});

afterEach(() => store.close());

function changelog(source: string): string {
  const entries = (suite[source] ?? []).map(
    ({ version, lines }) =>
      `${source} (${version}) bookworm; urgency=high\n\n${lines.map((line) => `  * ${line}\n`).join('')}\n -- A <a@example.com>  Mon, 01 Jan 2024 10:00:00 +0000\n`,
  );
  return `${entries.join('\n')}${note}`;
}

async function* fetchBinary(binary: ArchiveBinary): AsyncGenerator<Uint8Array> {
  fetched.push(binary.name);
  if (brokenDownload !== undefined) throw brokenDownload;
  yield changelogDeb(binary.name, changelog(binary.name.replace('-data', '')));
}

function archive(): SourceArchive {
  return {
    newest: (source) => {
      const version = suite[source]?.[0]?.version;
      if (version === undefined) return undefined;
      return { version, binaries: [{ name: `${source}-data`, size: 10, sha256: `${source} ${version}` }] };
    },
    fetch: fetchBinary,
  };
}

/** Asks about these installed source packages. */
async function ask(...installed: readonly (readonly [string, string])[]): Promise<FeedOutcome> {
  fetched = [];
  diagnostics = [];
  const feed = createDebianArchiveFeed({
    openArchive: async (_distribution, io) => {
      opened += 1;
      if (fault !== undefined) throw fault;
      for (const diagnostic of openDiagnostics) io.report(diagnostic);
      return archive();
    },
    freshFor: 6 * hour,
    clock: () => clock,
  });
  const cache: FeedCache = {
    get: async (key) => cached.get(key),
    put: async (key, bytes) => void cached.set(key, bytes),
  };
  const sources = installed.map(([name, version]) => ({ ecosystem, name, version }));
  const http = { request: () => Promise.reject(new Error('not used')), close: async () => {} };
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const context = createContext({ now: () => new Date(clock) });
  return feed.update({ ecosystems: [ecosystem], sources }, { http, store, context, cache, report });
}

/** The advisories in the store: CVE to the versions that fix it. */
function stored(name: string): Record<string, string[]> {
  const entries = store
    .find(ecosystem, name)
    .flatMap((found) =>
      found
        .affected()
        .map(({ ranges, record }): [string, string[]] => [
          record().upstream.join(),
          ranges.map(({ events }) => events.map((event) => event.introduced ?? event.fixed).join('→')),
        ]),
    );
  return Object.fromEntries(entries.toSorted(([a], [b]) => compareText(a, b)));
}

describe('the Debian archive feed', () => {
  it('writes what newer versions fix', async () => {
    expect(await ask(['openssl', '3.0.9-1'])).toEqual({ updated: [ecosystem], uncovered: [] });
    expect(stored('openssl')).toEqual({
      'CVE-2024-0001': ['0→3.0.9-1+deb12u1'],
      'CVE-2024-0002': ['0→3.0.9-1+deb12u2'],
    });
  });

  it('names the tracker and the line that says so, and no severity', async () => {
    await ask(['openssl', '3.0.9-1']);
    expect(store.get('DEBIAN-ARCHIVE-CVE-2024-0001-openssl-12')).toMatchObject({
      feed: 'debian-archive',
      upstream: ['CVE-2024-0001'],
      summary: 'CVE-2024-0001: one',
      details: 'openssl (3.0.9-1+deb12u1): CVE-2024-0001: one',
      modified: '2024-01-01T10:00:00.000Z',
      severity: [],
      references: ['https://security-tracker.debian.org/tracker/CVE-2024-0001'],
    });
  });

  it('keeps every entry that fixes an id, for whichever version is installed', async () => {
    suite = {
      example: [
        { version: '3', lines: ['Fix CVE-2024-0001 fully'] },
        { version: '2', lines: ['Fix CVE-2024-0001'] },
      ],
    };
    await ask(['example', '1']);
    expect(stored('example')).toEqual({ 'CVE-2024-0001': ['0→2', '2→3'] });
  });

  it('reports ids that are only mentioned', async () => {
    await ask(['openssl', '3.0.9-1']);
    expect(diagnostics).toEqual([
      {
        code: 'changelog.mention',
        severity: 'info',
        parameters: {
          id: 'CVE-2024-0009',
          source: 'openssl',
          version: '3.0.9-1+deb12u2',
          line: 'This version is not affected by CVE-2024-0009',
        },
      },
    ]);
  });

  it('reads nothing for a package that is as new as the archive', async () => {
    expect(await ask(['openssl', '3.0.9-1+deb12u2'])).toEqual({ updated: [ecosystem], uncovered: [] });
    expect(fetched).toEqual([]);
    expect(store.part('debian-archive', ecosystem)?.ecosystems).toEqual([ecosystem]);
  });

  it('asks nobody while the answer is fresh, and says the same', async () => {
    const first = await ask(['openssl', '3.0.9-1']);
    const said = diagnostics;
    clock += hour;
    expect((await ask(['openssl', '3.0.9-1'])).uncovered).toEqual(first.uncovered);
    expect(diagnostics).toEqual(said);
    expect(opened).toBe(1);
  });

  it('asks again when the answer is old, and reads nothing when nothing changed', async () => {
    await ask(['openssl', '3.0.9-1']);
    clock += 7 * hour;
    await ask(['openssl', '3.0.9-1']);
    expect([opened, fetched]).toEqual([2, []]);
    expect(Object.keys(stored('openssl'))).toHaveLength(2);
  });

  it('reads the changelog again when there is a newer version', async () => {
    await ask(['openssl', '3.0.9-1']);
    clock += 7 * hour;
    suite = { openssl: [{ version: '3.0.9-1+deb12u3', lines: ['Fix CVE-2024-0003'] }, ...openssl] };
    await ask(['openssl', '3.0.9-1']);
    expect(fetched).toEqual(['openssl-data']);
    expect(Object.keys(stored('openssl'))).toEqual(['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']);
  });

  it('knows that a source has a newer version also when another image asked meanwhile', async () => {
    await ask(['openssl', '3.0.9-1']);
    clock += 7 * hour;
    suite = {
      openssl: [{ version: '3.0.9-1+deb12u3', lines: ['Fix CVE-2024-0003'] }, ...openssl],
      other: [{ version: '1', lines: [] }],
    };
    await ask(['other', '1']);
    await ask(['openssl', '3.0.9-1']);
    expect(stored('openssl')).toHaveProperty('CVE-2024-0003');
  });

  it('drops advisories that the newer changelog no longer makes', async () => {
    await ask(['openssl', '3.0.9-1']);
    clock += 7 * hour;
    suite = { openssl: [{ version: '3.0.9-1+deb12u3', lines: ['Rebuild'] }] };
    await ask(['openssl', '3.0.9-1']);
    expect(stored('openssl')).toEqual({});
  });

  it('looks further back, from the cached text, for an image that is older', async () => {
    await ask(['openssl', '3.0.9-1+deb12u1']);
    expect(Object.keys(stored('openssl'))).toEqual(['CVE-2024-0002']);
    await ask(['openssl', '3.0.0-1']);
    expect(fetched).toEqual([]);
    expect(Object.keys(stored('openssl'))).toEqual(['CVE-2023-0001', 'CVE-2024-0001', 'CVE-2024-0002']);
  });

  it('says what it could not read, tries it again later, and reads the others', async () => {
    suite = { openssl, other: [{ version: '2', lines: ['Fix CVE-2024-0005'] }] };
    brokenDownload = new CinzelError('environment.http', { url: 'https://example.com/x.deb', status: 404 });
    const lost = { ecosystem, reason: 'not-checked', package: 'openssl' };
    expect((await ask(['openssl', '3.0.9-1'])).uncovered).toEqual([lost]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['changelog.missing']);
    brokenDownload = undefined;
    expect((await ask(['openssl', '3.0.9-1'])).uncovered).toEqual([lost]);
    expect((await ask(['openssl', '3.0.9-1'], ['other', '1'])).uncovered).toEqual([]);
    expect(stored('openssl')).toHaveProperty('CVE-2024-0002');
  });

  it('says when older entries were cut off', async () => {
    note = '\n# Older entries have been removed from this changelog.\n';
    await ask(['openssl', '3.0.0-1']);
    expect(diagnostics).toContainEqual({
      code: 'changelog.cut',
      severity: 'warning',
      parameters: { source: 'openssl', version: '3.0.9-1+deb12u2', oldest: '3.0.9-1' },
    });
  });

  it('says that the archive does not have a package', async () => {
    expect((await ask(['local', '1'])).uncovered).toEqual([{ ecosystem, reason: 'not-published', package: 'local' }]);
  });

  it('repeats that an index has expired, and that a suite is missing', async () => {
    openDiagnostics = [
      { code: 'archive.expired', severity: 'warning', parameters: { suite: 'bookworm', date: '2024-01-01' } },
      { code: 'archive.suite-missing', severity: 'warning', parameters: { suite: 'bookworm-security' } },
    ];
    await ask(['openssl', '3.0.9-1+deb12u2']);
    expect(diagnostics).toEqual(openDiagnostics);
    await ask(['openssl', '3.0.9-1+deb12u2']);
    expect([opened, diagnostics]).toEqual([1, openDiagnostics]);
  });

  it.each([
    ['environment.offline', new CinzelError('environment.offline', { what: 'the archive' }), 'offline'],
    [
      'environment.network',
      new CinzelError('environment.network', { url: 'x', problem: 'connection-cut' }),
      'unreachable',
    ],
    ['untrusted.signature', new CinzelError('untrusted.signature', { what: 'x', problem: 'unsigned' }), 'unreachable'],
  ])('answers from before, or says that it cannot, on %s', async (_, error, reason) => {
    fault = error;
    expect(await ask(['openssl', '3.0.9-1'])).toEqual({ updated: [], uncovered: [{ ecosystem, reason }] });
    expect(diagnostics.map(({ code }) => code)).toEqual(['feed.unreachable']);
    fault = undefined;
    await ask(['openssl', '3.0.9-1']);
    fault = error;
    clock += 7 * hour;
    expect((await ask(['openssl', '3.0.9-1'], ['other', '1'])).uncovered).toEqual([
      { ecosystem, reason: 'stale' },
      { ecosystem, reason, package: 'other' },
    ]);
  });

  it('passes on what is not a fault of the network', async () => {
    const error = new Error('a bug');
    fault = error as CinzelError;
    await expect(ask(['openssl', '3.0.9-1'])).rejects.toBe(error);
  });

  it('covers the releases that it can verify, and no other distribution', () => {
    const { covers } = createDebianArchiveFeed({ openArchive: async () => archive() });
    expect(['Debian:9', 'Debian:10', 'Debian:13', 'Debian:14', 'Debian', 'Ubuntu:22.04:LTS'].map(covers)).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
