import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { CinzelError } from '../../core/errors.ts';
import { defaultLimits } from '../../core/limits.ts';
import { nextCandidate } from './changelog-candidates.ts';
import { readSourceChangelog } from './source-changelog.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-source-changelog-'));
afterAll(() => rmSync(folder, { recursive: true }));

const changelog = (source: string, version: string): string =>
  `${source} (${version}) unstable; urgency=low\n\n  * Change.\n\n -- A <a@example.com>  Mon, 01 Jul 2024 10:00:00 +0000\n`;

/** A .deb with these files; a content that starts with `->` is a link. */
function build(name: string, files: Readonly<Record<string, string>>): Buffer {
  const root = mkdtempSync(join(folder, 'root-'));
  mkdirSync(join(root, 'DEBIAN'));
  const control = `Package: ${name}\nVersion: 2\nArchitecture: all\nMaintainer: A <a@example.com>\nDescription: x\n`;
  writeFileSync(join(root, 'DEBIAN/control'), control);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (content.startsWith('->')) symlinkSync(content.slice(2), join(root, path));
    else writeFileSync(join(root, path), path.endsWith('.gz') ? gzipSync(content) : content);
  }
  const out = join(root, '..', `${name}.deb`);
  execFileSync('dpkg-deb', ['-Zgzip', '--root-owner-group', '-b', root, out]);
  return readFileSync(out);
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
}

interface Outcome {
  readonly text: string | undefined;
  readonly fetched: readonly string[];
}

/** Reads version 2 of `example` from these packages, given smallest first. */
async function read(packages: Readonly<Record<string, Buffer | Error>>): Promise<Outcome> {
  const fetched: string[] = [];
  const binaries = Object.keys(packages).map((name, index) => ({ name, size: index + 1 }));
  async function* fetch({ name }: { readonly name: string }): AsyncGenerator<Uint8Array> {
    fetched.push(name);
    const content = packages[name];
    if (content instanceof Error) throw content;
    yield* chunksOf(content ?? Buffer.alloc(0));
  }
  const text = await readSourceChangelog({ name: 'example', version: '2', binaries }, fetch, defaultLimits);
  return { text, fetched };
}

const available = spawnSync('dpkg-deb', ['--version']).status === 0;
const right = changelog('example', '2');

describe.skipIf(!available && !process.env['CI'])('readSourceChangelog', () => {
  it.each([
    ['changelog.Debian.gz', { 'usr/share/doc/a/changelog.Debian.gz': right }],
    ['changelog.gz of a native package', { 'usr/share/doc/a/changelog.gz': right }],
    ['a changelog that is not compressed', { 'usr/share/doc/a/changelog.Debian': right }],
    [
      "a changelog beside upstream's",
      { 'usr/share/doc/a/changelog.gz': 'News\n', 'usr/share/doc/a/changelog.Debian.gz': right },
    ],
    [
      'a changelog below a rebuild entry',
      { 'usr/share/doc/a/changelog.Debian.gz': changelog('example', '2+b1') + right },
    ],
  ])('reads %s', async (_, files) => {
    expect(await read({ a: build('a', files) })).toEqual({
      text: expect.stringContaining('example (2)'),
      fetched: ['a'],
    });
  });

  it('follows a folder that is a link to the package that has the changelog', async () => {
    const outcome = await read({
      a: build('a', { 'usr/share/doc/a': '->d' }),
      b: build('b', { 'usr/share/doc/b/copyright': 'x' }),
      d: build('d', { 'usr/share/doc/d/changelog.Debian.gz': right }),
    });
    expect(outcome).toEqual({ text: right, fetched: ['a', 'd'] });
  });

  it('follows a file that is a link', async () => {
    const outcome = await read({
      a: build('a', { 'usr/share/doc/a/changelog.Debian.gz': '->../d/changelog.Debian.gz' }),
      b: build('b', { 'usr/share/doc/b/copyright': 'x' }),
      d: build('d', { 'usr/share/doc/d/changelog.Debian.gz': right }),
    });
    expect(outcome.fetched).toEqual(['a', 'd']);
  });

  it.each([
    ['of another source', changelog('other', '2')],
    ['of another version', changelog('example', '1')],
    ['that is none', 'Version 2: many fixes\n'],
  ])('passes over a changelog %s', async (_, text) => {
    const outcome = await read({
      a: build('a', { 'usr/share/doc/a/changelog.Debian.gz': text }),
      b: build('b', { 'usr/share/doc/b/changelog.Debian.gz': right }),
    });
    expect(outcome).toEqual({ text: right, fetched: ['a', 'b'] });
  });

  it.each([
    ['the mirror lacks', new CinzelError('environment.http', { url: 'https://example.com/a.deb', status: 404 })],
    ['has another hash', new CinzelError('untrusted.digest', { what: 'a.deb', expected: 'x', actual: 'y' })],
    ['is damaged', Buffer.from('!<arch>\ndamaged')],
  ])('goes on to the next package when one %s', async (_, first) => {
    const outcome = await read({ a: first, b: build('b', { 'usr/share/doc/b/changelog.Debian.gz': right }) });
    expect(outcome).toEqual({ text: right, fetched: ['a', 'b'] });
  });

  it('uses nothing of a package whose hash turns out wrong at its end', async () => {
    const bytes = build('a', { 'usr/share/doc/a/changelog.Debian.gz': right });
    async function* fetch(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(bytes);
      throw new CinzelError('untrusted.digest', { what: 'a.deb', expected: 'x', actual: 'y' });
    }
    const source = { name: 'example', version: '2', binaries: [{ name: 'a', size: 1 }] };
    expect(await readSourceChangelog(source, fetch, defaultLimits)).toBeUndefined();
  });

  it('gives up on a network that is gone', async () => {
    const gone = new CinzelError('environment.network', { url: 'https://example.com', problem: 'connection-cut' });
    await expect(read({ a: gone, b: Buffer.alloc(0) })).rejects.toBe(gone);
  });

  it('does not unpack a changelog that is a bomb', async () => {
    const bomb = ' '.repeat(70 * 1024 ** 2);
    expect((await read({ a: build('a', { 'usr/share/doc/a/changelog.gz': bomb }) })).text).toBeUndefined();
  });
});

describe('nextCandidate', () => {
  const binaries = [
    { name: 'small', size: 1_000 },
    { name: 'other', size: 1_100 },
    { name: 'big', size: 40_000_000 },
    { name: 'middle', size: 170_000 },
  ];

  const next = (tried: readonly string[], links: readonly (readonly [string, number])[]): string | undefined =>
    nextCandidate(binaries, { tried: new Set(tried), linkedTo: new Map(links) })?.name;

  it('begins with the smallest', () => {
    expect(next([], [])).toBe('small');
  });

  it('follows a link to a package that costs little more than another request', () => {
    expect(next(['small'], [['middle', 1]])).toBe('middle');
  });

  it('tries small packages before it follows a link to a big one', () => {
    expect(next(['small'], [['big', 1]])).toBe('other');
  });

  it('follows links to a big package when enough packages agree on it', () => {
    expect(next(['small', 'other'], [['big', 5]])).toBe('middle');
    expect(next(['small', 'other'], [['big', 6]])).toBe('big');
  });

  it('does not take links to different packages for agreement', () => {
    const links = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'big'].map((name) => [name, 1] as const);
    expect(next(['small', 'other'], links)).toBe('middle');
  });

  it('ends when all were tried', () => {
    const names = binaries.map(({ name }) => name);
    expect(next(names, [])).toBeUndefined();
  });
});
