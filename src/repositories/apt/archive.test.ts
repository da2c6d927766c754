import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Diagnostic } from '../../core/diagnostics.ts';
import { isCinzelError } from '../../core/errors.ts';
import { createHttpClient } from '../../net/http-client.ts';
import { clearSign, makeSigningKey } from '../../signing/testing/signing-key.ts';
import { type AptArchive, type ArchivePackage, type OpenArchiveOptions, openArchive } from './archive.ts';
import { memoryCache } from './testing/open-test-archive.ts';
import {
  addSuite,
  makeTestArchive,
  type ServedArchive,
  serveTestArchive,
  type TestArchive,
  type TestSuite,
  writeTestArchive,
} from './testing/test-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = await makeSigningKey();
const stranger = await makeSigningKey({ name: 'Stranger' });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const stable: TestSuite = {
  name: 'stable',
  packages: [
    { name: 'tool', version: '2.0-1', fields: { Depends: 'data\n (>= 1)' } },
    { name: 'data', version: '1.5', architecture: 'all' },
  ],
};

/** The packages of `stable`, and of further names. */
function packagesOf(archive: AptArchive, ...names: readonly string[]): readonly ArchivePackage[] {
  return ['tool', 'data', ...names].flatMap((name) => archive.versionsOf(name));
}

interface Opened {
  readonly made: TestArchive;
  readonly served: ServedArchive;
  readonly diagnostics: readonly Diagnostic[];
  readonly open: (options?: Partial<OpenArchiveOptions>) => Promise<AptArchive>;
}

async function prepare(...suites: readonly TestSuite[]): Promise<Opened> {
  const made = await makeTestArchive(suites, key);
  const served = await serveTestArchive(made);
  const http = createHttpClient({ retries: 0 });
  closing.push(() => http.close(), served.close);
  const diagnostics: Diagnostic[] = [];
  const cache = memoryCache();
  const open = (options: Partial<OpenArchiveOptions> = {}): Promise<AptArchive> =>
    openArchive({
      mirrors: served.mirrors,
      suites: suites.map(({ name }) => ({ archive: 'main', name })),
      components: ['main'],
      architecture: 'amd64',
      http,
      cache,
      context: createContext(),
      keys: [key.publicKey],
      report: (diagnostic) => diagnostics.push(diagnostic),
      ...options,
    });
  return { made, served, diagnostics, open };
}

const indexPath = 'dists/stable/main/binary-amd64';

/** Removes what the mirror has under names that match. */
function lose({ files }: TestArchive, pattern: RegExp): void {
  for (const path of [...files.keys()].filter((name) => pattern.test(name))) files.delete(path);
}

function damage({ files }: TestArchive, pattern: RegExp, change: (bytes: Buffer) => Uint8Array): void {
  for (const path of [...files.keys()].filter((name) => pattern.test(name))) {
    files.set(path, change(Buffer.from(files.get(path) ?? [])));
  }
}

describe('openArchive', () => {
  it('gives packages with what an installer needs of them', async () => {
    const { open } = await prepare(stable);
    const archive = await open();
    expect(archive.versionsOf('tool')).toEqual([
      expect.objectContaining({
        version: '2.0-1',
        depends: 'data (>= 1)',
        archive: 'main',
        suite: 'stable',
        component: 'main',
        origin: 'Test',
        published: 'Sat, 01 Jun 2024 00:00:00 UTC',
      }),
    ]);
    expect(archive.releases[0]?.signature.fingerprint).toBe(key.publicKey.fingerprint);
  });

  it('asks for each index once while it does not change, and for its smallest form', async () => {
    const { open, served } = await prepare(stable);
    const first = await open();
    const again = await open();
    expect(packagesOf(again)).toEqual(packagesOf(first));
    const indexes = served.requests.filter((path) => path.includes('by-hash'));
    expect(served.requests).toEqual(['dists/stable/InRelease', indexes[0], 'dists/stable/InRelease']);
  });

  it.each([
    ['xz', /nothing/],
    ['gzip', /\.xz$/],
    ['plain', /\.(xz|gz)$/],
  ])('reads the %s form where it is the smallest that the mirror has', async (_, lost) => {
    const { open, made } = await prepare(stable);
    lose(made, /by-hash/);
    lose(made, lost);
    expect(packagesOf(await open())).toHaveLength(2);
  });

  it('asks by name where the archive has no folder of hashes', async () => {
    const { open, served } = await prepare({ ...stable, release: { 'Acquire-By-Hash': undefined } });
    await open();
    expect(served.requests).toEqual(['dists/stable/InRelease', `${indexPath}/Packages.xz`]);
  });

  it('reads Release with its signature beside it where there is no InRelease', async () => {
    const { open, made } = await prepare(stable);
    lose(made, /InRelease/);
    expect(packagesOf(await open())).toHaveLength(2);
  });

  it('reads an archive in a folder', async () => {
    const { open, made } = await prepare(stable);
    const root = join(folder, 'folder +%20');
    writeTestArchive(made, root);
    const main = pathToFileURL(root).href;
    const archive = await open({ mirrors: { main, security: main, origin: 'given' } });
    const [tool] = archive.versionsOf('tool');
    expect(tool).toBeDefined();
    if (tool === undefined) return;
    const parts: Uint8Array[] = [];
    for await (const part of archive.fetch(tool)) parts.push(part);
    expect(Buffer.concat(parts)).toEqual(made.files.get(tool.filename));
  });

  it('reads components and archives of their own, with their own keys', async () => {
    const { open, made } = await prepare({ ...stable, components: { extra: [{ name: 'more', version: '1' }] } });
    const other = await makeTestArchive([{ name: 'rolling', packages: [{ name: 'tool', version: '3' }] }], stranger);
    const root = join(folder, 'other');
    writeTestArchive(other, root);
    const { mirrors } = await serveAgain(made);
    const archive = await open({
      mirrors: { ...mirrors, others: { vendor: pathToFileURL(root).href } },
      suites: [
        { archive: 'main', name: 'stable', components: ['main', 'extra', 'absent'] },
        { archive: 'vendor', name: 'rolling', keys: [stranger.publicKey] },
      ],
    });
    expect(archive.versionsOf('tool').map(({ version, archive: from }) => [version, from])).toEqual([
      ['3', 'vendor'],
      ['2.0-1', 'main'],
    ]);
    expect(archive.versionsOf('more')[0]?.component).toBe('extra');
  });

  it('reads the list of packages for all architectures where it is apart', async () => {
    const { open } = await prepare({ ...stable, allApart: true });
    const archive = await open();
    expect(archive.versionsOf('data').map(({ architecture }) => architecture)).toEqual(['all']);
    expect(archive.versionsOf('tool')).toHaveLength(1);
  });

  it('reads a security suite of the old form, and no other release in its place', async () => {
    const old = { ...stable, name: 'buster/updates', release: { Suite: 'oldstable', Codename: 'buster' } };
    const { open } = await prepare(old);
    expect((await open({ allowEol: true })).versionsOf('tool')).toHaveLength(1);
    const { open: openOther } = await prepare({ ...old, release: { Suite: 'stable', Codename: 'bookworm' } });
    await expect(openOther({ allowEol: true })).rejects.toMatchObject({ code: 'untrusted.signature' });
  });

  it('says which suite an archive lacks, and fails when it lacks all', async () => {
    const { open, diagnostics } = await prepare(stable);
    const missing = { archive: 'main', name: 'stable-updates' };
    await open({ suites: [{ archive: 'main', name: 'stable' }, missing] });
    expect(diagnostics).toEqual([
      { code: 'archive.suite-missing', severity: 'warning', parameters: { suite: 'stable-updates' } },
    ]);
    await expect(open({ suites: [missing] })).rejects.toMatchObject({ code: 'environment.no-suite', exitCode: 3 });
  });

  it('refuses releases whose support has ended unless they are allowed', async () => {
    const { open } = await prepare({ ...stable, name: 'bullseye' });
    await expect(open()).rejects.toMatchObject({ code: 'usage.end-of-life', exitCode: 2 });
    expect(packagesOf(await open({ allowEol: true }))).toHaveLength(2);
  });
});

async function serveAgain(made: TestArchive): Promise<ServedArchive> {
  const served = await serveTestArchive(made);
  closing.push(served.close);
  return served;
}

describe('an index that cannot be trusted', () => {
  it.each([
    ['is not signed', (made: TestArchive) => damage(made, /InRelease$/, () => Buffer.from('Suite: stable\n'))],
    [
      'was changed',
      (made: TestArchive) =>
        damage(made, /InRelease$/, (bytes) => Buffer.from(bytes.toString().replace('Label: Test', 'Label: Evil'))),
    ],
    [
      'ends too early',
      (made: TestArchive) => damage(made, /InRelease$/, (bytes) => bytes.subarray(0, bytes.length / 2)),
    ],
    ['lacks the signature beside it', (made: TestArchive) => lose(made, /InRelease$|Release\.gpg$/)],
    [
      'has another signature beside it',
      (made: TestArchive) => {
        lose(made, /InRelease$/);
        damage(made, /\/Release$/, (bytes) => Buffer.concat([bytes, Buffer.from('\n')]));
      },
    ],
  ])('is refused when it %s', async (_, harm) => {
    const { open, made } = await prepare(stable);
    harm(made);
    await expect(open()).rejects.toMatchObject({ code: 'untrusted.signature', exitCode: 4 });
  });

  it('is refused when a stranger signed it', async () => {
    const { open } = await prepare({ ...stable, signers: [stranger] });
    await expect(open()).rejects.toMatchObject({ code: 'untrusted.signature' });
  });

  it('is refused when it is that of another suite', async () => {
    const { open, made } = await prepare(stable);
    for (const [path, content] of made.files) made.files.set(path.replace('dists/stable/', 'dists/other/'), content);
    await expect(open({ suites: [{ archive: 'main', name: 'other' }] })).rejects.toMatchObject({
      code: 'untrusted.signature',
      parameters: { problem: { kind: 'signed-for', suite: 'stable' } },
    });
  });

  it('is refused when it lists no hashes', async () => {
    const { open, made } = await prepare(stable);
    made.files.set('dists/stable/InRelease', await clearSign('Suite: stable\n', [key], new Date('2024-06-01')));
    await expect(open()).rejects.toMatchObject({ code: 'untrusted.malformed' });
  });

  const expired = { ...stable, release: { 'Valid-Until': 'Sat, 08 Jun 2024 00:00:00 UTC' } };

  it('is refused past its date, and taken with a word about it where that is allowed', async () => {
    const { open, diagnostics } = await prepare(expired);
    await expect(open()).rejects.toMatchObject({ code: 'untrusted.expired', exitCode: 4 });
    expect(packagesOf(await open({ clock: () => new Date('2024-06-07') }))).toHaveLength(2);
    expect(diagnostics).toEqual([]);
    expect(packagesOf(await open({ allowExpired: true }))).toHaveLength(2);
    const parameters = { suite: 'stable', date: 'Sat, 08 Jun 2024 00:00:00 UTC' };
    expect(diagnostics).toEqual([{ code: 'archive.expired', severity: 'warning', parameters }]);
  });

  it('is refused when its date makes no sense', async () => {
    const { open } = await prepare({ ...stable, release: { 'Valid-Until': 'soon' } });
    await expect(open()).rejects.toMatchObject({ code: 'untrusted.expired' });
  });

  it('is refused when the archive has shown a newer one before', async () => {
    const { open, made } = await prepare(stable);
    await addSuite(made, { ...stable, date: new Date('2024-06-02T00:00:00Z') });
    await open();
    await addSuite(made, stable);
    await expect(open()).rejects.toMatchObject({ code: 'untrusted.rolled-back', exitCode: 4 });
    expect(packagesOf(await open({ cache: memoryCache() }))).toHaveLength(2);
  });

  it.each([
    ['has another hash', (bytes: Buffer) => bytes.fill(32, 20, 21), 'untrusted.digest'],
    ['ends too early', (bytes: Buffer) => bytes.subarray(0, bytes.length - 9), 'untrusted.digest'],
    ['goes on', (bytes: Buffer) => Buffer.concat([bytes, bytes]), 'untrusted.size'],
    ['is empty', () => Buffer.alloc(0), 'untrusted.digest'],
  ] as const)('is refused when its list of packages %s', async (_, change, code) => {
    const { open, made } = await prepare(stable);
    lose(made, /Packages\.(xz|gz)$/);
    damage(made, /Packages$|by-hash/, change);
    const cache = memoryCache();
    const failure: unknown = await open({ cache }).catch((error: unknown) => error);
    expect(isCinzelError(failure, code, 'untrusted.malformed', 'untrusted.truncated', 'untrusted.size')).toBe(true);
    await addSuite(made, stable);
    expect(packagesOf(await open({ cache }))).toHaveLength(2);
  });

  it('is refused when the mirror lacks the list of packages that it names', async () => {
    const { open, made } = await prepare(stable);
    lose(made, /Packages|by-hash/);
    await expect(open()).rejects.toMatchObject({ code: 'environment.not-found', exitCode: 3 });
  });
});

describe('a list of packages', () => {
  const good = `Filename: pool/x.deb\nSize: 1\nSHA256: ${'a'.repeat(64)}\n`;

  it.each([
    ['a path that leaves the archive', `Package: bad\nVersion: 1\n${good.replace('pool/', 'pool/../../')}`],
    ['an absolute path', `Package: bad\nVersion: 1\n${good.replace('pool/', '/etc/')}`],
    ['no path', `Package: bad\nVersion: 1\n${good.replace('pool/x.deb', '')}`],
    ['a hash that is none', `Package: bad\nVersion: 1\n${good.replace('aaaa', 'zzzz')}`],
    ['a negative size', `Package: bad\nVersion: 1\n${good.replace('1', '-1')}`],
    ['a name with a slash', `Package: ../bad\nVersion: 1\n${good}`],
    ['no version', `Package: bad\n${good}`],
    ['a version with spaces', `Package: bad\nVersion: 1 2\n${good}`],
    ['nothing of sense', ':::\n \n\u0000'],
  ])('is read but for a package with %s', async (_, stanza) => {
    const { open } = await prepare({ ...stable, stanzas: `${stanza}\n` });
    const archive = await open();
    expect(packagesOf(archive, 'bad', '../bad', '').map(({ name }) => name)).toEqual(['tool', 'data']);
  });

  it('keeps prototypes as they are', async () => {
    const stanzas = `Package: constructor\nVersion: 1\nProvides: tostring, __proto__\n${good}`;
    const { open } = await prepare({ ...stable, stanzas });
    const archive = await open();
    expect(archive.versionsOf('constructor')).toHaveLength(1);
    expect(archive.versionsOf('hasownproperty')).toEqual([]);
    expect(archive.providersOf('__proto__').map(({ name }) => name)).toEqual(['constructor']);
  });

  it('may say anything without more than packages being left out', async () => {
    const line = fc.oneof(
      fc.constantFrom(
        'Package: x',
        'Version: 1',
        'Filename: pool/x',
        'Size: 9',
        `SHA256: ${'b'.repeat(64)}`,
        '',
        ' more',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const { open } = await prepare({ ...stable, stanzas: `${lines.join('\n')}\n` });
        const archive = await open();
        expect(archive.versionsOf('tool')).toHaveLength(1);
      }),
      { seed: 11, numRuns: 40 },
    );
  });
});
