import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { authorizationFor, parseAuthFile } from './credentials.ts';
import { archiveAddress, chooseMirrors, type MirrorOptions, readHostCredentials, readHostSources } from './mirrors.ts';
import { parseSources, type SourceEntry } from './sources-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-mirrors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date('2026-11-25T20:15:30.123Z');

/** A root folder with these files. */
function rootWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(folder, 'root-'));
  for (const [path, content] of Object.entries({ 'etc/os-release': 'NAME=Debian\nID=debian\n', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function choose(list: string, options: Partial<MirrorOptions> = {}): readonly [string, string, string] {
  const hostSources = readHostSources(rootWith({ 'etc/apt/sources.list': list }));
  const { main, security, origin } = chooseMirrors({ hostSources, now, ...options });
  return [main, security, origin];
}

describe('chooseMirrors', () => {
  it.each([
    [
      'a mirror with its security archive beside it',
      'deb http://mirror.example/debian bookworm main\n',
      ['http://mirror.example/debian', 'http://mirror.example/debian-security'],
    ],
    [
      'a security archive on another host',
      'deb http://mirror.example/debian/ bookworm main\ndeb https://safe.example/debian-security bookworm-security main\n',
      ['http://mirror.example/debian', 'https://safe.example/debian-security'],
    ],
    [
      'a security archive under another name, told by its suite',
      'deb http://safe.example/fixes/ bookworm-security main\ndeb http://mirror.example/debian bookworm main\n',
      ['http://mirror.example/debian', 'http://safe.example/fixes'],
    ],
    [
      'the old name of a security suite',
      'deb http://m.example/debian buster main\ndeb http://s.example/ buster/updates main\n',
      ['http://m.example/debian', 'http://s.example'],
    ],
    [
      'a proxy under a name of its own, and archives of others before it',
      'deb [arch=amd64 signed-by=/k.gpg] https://vendor.example/linux bookworm stable\ndeb https://proxy.example/apt-proxy trixie main contrib\n',
      ['https://proxy.example/apt-proxy', 'https://proxy.example/apt-proxy'],
    ],
    [
      'a folder',
      'deb [trusted=yes] file:/srv/a mirror/debian bookworm main\ndeb copy:/srv/debian sid main # note\n',
      ['file:///srv/debian', 'file:///srv/debian-security'],
    ],
    [
      'a state of the snapshot archive',
      'deb http://m.example/archive/debian/20240101T000000Z/ bookworm main\n',
      ['http://m.example/archive/debian/20240101T000000Z', 'http://m.example/archive/debian-security/20240101T000000Z'],
    ],
  ])("uses the host's sources: %s", (_, list, [main, security]) => {
    expect(choose(list)).toEqual([main, security, 'host']);
  });

  it.each([
    ['only sources of others', 'deb https://vendor.example/linux bookworm stable\n'],
    ['only source packages', 'deb-src http://mirror.example/debian bookworm main\n'],
    ['media', 'deb cdrom:[Debian]/ bookworm main\n'],
    ['nothing', '#deb http://mirror.example/debian bookworm main\n'],
  ])('uses the snapshot archive of the present where the host has %s', (_, list) => {
    const base = 'https://snapshot.debian.org/archive';
    const stamp = '20261125T201530Z';
    expect(choose(list)).toEqual([`${base}/debian/${stamp}`, `${base}/debian-security/${stamp}`, 'public']);
  });

  it.each([
    ['http://given.example/debian/', 'http://given.example/debian', 'http://given.example/debian-security'],
    ['https://given.example/x', 'https://given.example/x', 'https://given.example/x'],
    ['file:/srv/debian', 'file:///srv/debian', 'file:///srv/debian-security'],
    [
      'https://snapshot.debian.org/archive/debian/20240101T000000Z/',
      'https://snapshot.debian.org/archive/debian/20240101T000000Z',
      'https://snapshot.debian.org/archive/debian-security/20240101T000000Z',
    ],
  ])('uses the given %s before anything else', (given, main, security) => {
    const imageSources = parseSources('x.list', 'deb http://image.example/debian bookworm main');
    expect(choose('deb http://m.example/debian bookworm main', { given, imageSources })).toEqual([
      main,
      security,
      'given',
    ]);
  });

  it('takes the path of a folder', () => {
    const [main] = choose('', { given: folder });
    expect(main).toBe(`file://${folder}`);
  });

  it.each(['', 'ftp://x.example/debian', 'http://', 'javascript:alert(1)', '/no/such/folder', 'file:debian'])(
    'refuses %j as an address',
    (given) => {
      expect(() => choose('', { given })).toThrow(expect.objectContaining({ code: 'usage.value', exitCode: 2 }));
    },
  );

  it("uses an image's sources before the host's, where they are given, and never its folders", () => {
    const host = 'deb http://m.example/debian bookworm main\n';
    const image = (list: string): readonly SourceEntry[] => parseSources('sources.list', list);
    expect(choose(host, { imageSources: image('deb http://i.example/debian bookworm main') })[0]).toBe(
      'http://i.example/debian',
    );
    expect(choose(host, { imageSources: image('deb file:/etc/debian bookworm main') })[0]).toBe(
      'http://m.example/debian',
    );
  });

  it('keeps passwords out of addresses', () => {
    const given = 'https://me:p%40ss@given.example/debian';
    const { main, security, credentials = [] } = chooseMirrors({ given, hostSources: [], now });
    expect([main, security]).toEqual(['https://given.example/debian', 'https://given.example/debian-security']);
    const expected = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    for (const address of [`${main}/dists/x`, `${security}/dists/x`]) {
      expect(authorizationFor(address, credentials)).toBe(expected);
    }
    expect(authorizationFor('https://given.example/other', credentials)).toBeUndefined();
    expect(authorizationFor('http://given.example/debian/x', credentials)).toBeUndefined();
    expect(authorizationFor('https://evil.example/debian/x', credentials)).toBeUndefined();
  });

  it('names archives besides these two', () => {
    const mirrors = { main: 'm', security: 's', others: { vendor: 'v' } };
    expect(['main', 'security', 'vendor'].map((name) => archiveAddress(mirrors, name))).toEqual(['m', 's', 'v']);
    expect(() => archiveAddress(mirrors, 'x')).toThrow(
      expect.objectContaining({ code: 'environment.unknown-archive' }),
    );
  });
});

describe('readHostSources', () => {
  it('reads both forms, in files that apt would read', () => {
    const root = rootWith({
      'etc/apt/sources.list': 'deb http://a.example/debian bookworm main\n',
      'etc/apt/sources.list.d/b.sources':
        'Types: deb deb-src\nURIs: http://b.example/debian\n http://c.example/debian\nSuites: bookworm bookworm-updates\nComponents: main contrib\n\nEnabled: no\nTypes: deb\nURIs: http://off.example\nSuites: x\nComponents: y\n\nTypes: deb-src\nURIs: http://src.example\nSuites: x\nComponents: y\n',
      'etc/apt/sources.list.d/ignored.list.save': 'deb http://old.example/debian bookworm main\n',
    });
    expect(readHostSources(root)).toEqual([
      { url: 'http://a.example/debian', suite: 'bookworm', components: ['main'] },
      ...['http://b.example/debian', 'http://c.example/debian'].flatMap((url) =>
        ['bookworm', 'bookworm-updates'].map((suite) => ({ url, suite, components: ['main', 'contrib'] })),
      ),
    ]);
  });

  it('reads none where the host is no Debian', () => {
    const files = {
      'etc/os-release': 'ID=ubuntu\nID_LIKE=debian\n',
      'etc/apt/sources.list': 'deb http://a.example/debian x main',
    };
    expect(readHostSources(rootWith(files))).toEqual([]);
    expect(readHostSources(join(folder, 'nowhere'))).toEqual([]);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isDeb822) => {
        const prefix = isDeb822 ? 'Types: deb\n' : 'deb ';
        for (const { url, suite } of parseSources(isDeb822 ? 'x.sources' : 'x.list', prefix + text)) {
          expect(`${url}${suite}`).not.toMatch(/\s/);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

describe('credentials', () => {
  const text = `
machine private.example/debian login me password secret
# machine commented.example login a password b
machine http://plain.example login me
  password open
machine port.example:8443 login p password q
default login x password y
machine incomplete.example login only
`;

  it.each([
    ['https://private.example/debian/dists/x', 'me:secret'],
    ['https://private.example/other', undefined],
    ['http://private.example/debian/x', undefined],
    ['http://plain.example/debian', 'me:open'],
    ['https://plain.example/debian', undefined],
    ['https://port.example:8443/x', 'p:q'],
    ['https://port.example/x', undefined],
    ['https://commented.example/x', undefined],
    ['https://incomplete.example/x', undefined],
    ['https://sub.private.example/debian/x', undefined],
  ])('are for %s: %s', (address, pair) => {
    const expected = pair && `Basic ${Buffer.from(pair).toString('base64')}`;
    expect(authorizationFor(address, parseAuthFile(text))).toBe(expected);
  });

  it("are read from the host's files", () => {
    const root = rootWith({
      'etc/apt/auth.conf': text,
      'etc/apt/auth.conf.d/a.conf': 'machine z.example login a password b',
    });
    expect(readHostCredentials(root).map(({ host }) => host)).toEqual([
      'private.example',
      'plain.example',
      'port.example:8443',
      'z.example',
    ]);
    expect(readHostCredentials(join(folder, 'nowhere'))).toEqual([]);
  });
});
