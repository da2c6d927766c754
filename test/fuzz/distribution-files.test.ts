import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseChangelog } from '../../src/advisories/feeds/debian-archive/analysis.ts';
import { findCves } from '../../src/advisories/feeds/debian-archive/cve-ids.ts';
import { mentionsOf } from '../../src/advisories/feeds/debian-archive/mentions.ts';
import { makeZip } from '../../src/advisories/testing/make-zip.ts';
import { createContext } from '../../src/core/context.ts';
import { apkFiles, parseApkDatabase } from '../../src/formats/apk-database.ts';
import { parseCoreMetadata } from '../../src/formats/core-metadata.ts';
import { parseCsv } from '../../src/formats/csv.ts';
import { parseDeb822, streamDeb822 } from '../../src/formats/deb822.ts';
import { parseDiversions } from '../../src/inventory/catalogers/dpkg-diversions.ts';
import { catalogers } from '../../src/inventory/catalogers/index.ts';
import { licensesOfCopyright } from '../../src/inventory/licenses/debian-copyright.ts';
import { readLicense } from '../../src/inventory/licenses/license-expression.ts';
import { licenseIds } from '../../src/inventory/licenses/license-ids.ts';
import { parseOsRelease } from '../../src/inventory/os-release.ts';
import { takeInventory } from '../../src/inventory/take-inventory.ts';
import { type MemoryLayer, memoryFilesystem } from '../../src/inventory/testing/memory-filesystem.ts';
import { parseChangelog } from '../../src/repositories/apt/changelog.ts';
import { parseAuthFile } from '../../src/repositories/apt/credentials.ts';
import { parseSources } from '../../src/repositories/apt/sources-list.ts';
import { versionSchemes } from '../../src/versions/index.ts';
import { chunked, drain, type FuzzTarget, fuzz } from './fuzz.ts';

const status = `Package: bash
Status: install ok installed
Version: 5.2.15-2+b7
Architecture: amd64
Source: bash (5.2.15-2)
Depends: libc6 (>= 2.36), debianutils (>= 5.6-0.1) | x:any <!nocheck>
Built-Using: glibc (= 2.36-9)
Installed-Size: 7175
Description: GNU Bourne Again SHell
 Bash is an sh-compatible command language interpreter.

Package: gone
Status: deinstall ok config-files
Version: 1:2~3

`;
const packagesIndex = `${status.replaceAll('Status: install ok installed\n', '')}Filename: pool/main/b/bash/x.deb\nSHA256: ${'a'.repeat(64)}\nSize: 3\n`;
const release = `Origin: Debian\nSuite: stable\nCodename: bookworm\nDate: Sat, 10 Feb 2024 10:00:00 UTC\nSHA256:\n ${'a'.repeat(64)} 12 main/binary-amd64/Packages.xz\n`;
const installed =
  'C:Q1pSfxV7hBwVqd6F3f0Yb0Uw0l4tE=\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\nD:so:libc.musl-x86_64.so.1 !x\np:cmd:ld=1\nI:600\nF:lib\nR:ld-musl.so.1\na:0:0:755\nZ:Q1pSfxV7hBwVqd6F3f0Yb0Uw0l4tE=\n\n';
const osRelease = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nID_LIKE=\'a b\'\n';
const metadata =
  'Metadata-Version: 2.1\nName: requests\nVersion: 2.31.0\nLicense: Apache 2.0\nClassifier: License :: OSI Approved\nRequires-Dist: idna (<4,>=2.5) ; extra == "x"\nProject-URL: Homepage, https://a\n\nText\n';
const record = 'requests/__init__.py,sha256=abc,12\n"a ""b"", c",,\nrequests-2.31.0.dist-info/RECORD,,\n';
const changelog = `bash (5.2.15-3) unstable; urgency=medium

  * Fix CVE-2024-0001, CVE-2023-1234 to -1236 and CVE-2022-{1,2}.
  * Not affected by CVE-2021-1111; incomplete fix of CVE-2020-2222.
    + Closes: #123, LP: #4

 -- A B <a@b.c>  Sat, 10 Feb 2024 10:00:00 +0000

bash (5.2.15-2) unstable; urgency=low

  * Initial.

 -- A B <a@b.c>  Fri, 09 Feb 2024 10:00:00 +0000
`;
const copyright = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Files: *
Copyright: 2024 A
License: GPL-2+ and (MIT or BSD-3-clause), and Artistic with OpenSSL exception

License: GPL-2+
 On Debian systems see /usr/share/common-licenses/GPL-2 or any later version.
`;
const npm =
  '{"name":"@s/n","version":"1.0.0","license":{"type":"MIT"},"licenses":["MIT"],"author":{"name":"a"},"repository":{"url":"git+https://a/b"},"dependencies":{"a":"^1"},"_resolved":"x","maintainers":[{"name":"m"}]}';
const npmLock =
  '{"packages":{"node_modules/@s/n":{"version":"1.0.0","resolved":"https://r/n.tgz","integrity":"sha512-x","license":"MIT"}}}';
const directUrl = '{"url":"https://u:p@h/r.git","vcs_info":{"vcs":"git","commit_id":"abc"}}';

const ids = await licenseIds();
const span = { installed: '5.2.15-2', newest: '5.2.15-3' };

/** Where the files lie that catalogers read, and one that each can read. */
const evidence: Readonly<Record<string, string | Uint8Array>> = {
  '/etc/os-release': osRelease,
  '/etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\n',
  '/etc/alpine-release': '3.19.1\n',
  '/etc/debian_version': '12.5\n',
  '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)\n',
  '/var/lib/dpkg/status': status,
  '/var/lib/dpkg/status.d/base': status,
  '/var/lib/dpkg/status.d/base.md5sums': `${'a'.repeat(32)}  usr/bin/x\n`,
  '/var/lib/dpkg/info/bash.list': '/.\n/bin\n/bin/bash\n',
  '/var/lib/dpkg/info/bash.md5sums': `${'a'.repeat(32)}  bin/bash\n`,
  '/var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\ndash\n',
  '/usr/share/doc/bash/copyright': copyright,
  '/lib/apk/db/installed': installed,
  '/app/node_modules/@s/n/package.json': npm,
  '/app/node_modules/.package-lock.json': npmLock,
  '/usr/lib/python3/requests-2.31.0.dist-info/METADATA': metadata,
  '/usr/lib/python3/requests-2.31.0.dist-info/RECORD': record,
  '/usr/lib/python3/requests-2.31.0.dist-info/direct_url.json': directUrl,
  '/usr/lib/python3/six.egg-info': metadata,
  '/usr/lib/python3/y.egg-info/PKG-INFO': metadata,
  '/usr/lib/python3/y.egg-info/installed-files.txt': '../y.py\n',
  '/usr/lib/python3/z.egg': makeZip({ 'EGG-INFO/PKG-INFO': metadata }),
};

async function inventory(layer: MemoryLayer): Promise<void> {
  const found = await takeInventory(memoryFilesystem(evidence, layer), catalogers, createContext());
  await found.files();
}

const targets: Readonly<Record<string, FuzzTarget>> = {
  deb822: {
    seeds: [status, packagesIndex, release],
    parse: (input) => [...parseDeb822(input)].map((one) => [...one.names()]),
  },
  'deb822 in chunks': { seeds: [status, packagesIndex], parse: (input) => drain(streamDeb822(chunked(input, 50))) },
  'apk databases': {
    seeds: [installed],
    parse: (input) => [...parseApkDatabase(input.toString())].map(({ files }) => apkFiles(files)),
  },
  'os-release': { seeds: [osRelease], parse: (input) => parseOsRelease(input.toString()) },
  'Python metadata': { seeds: [metadata], parse: (input) => parseCoreMetadata(input.toString()) },
  'RECORD files': { seeds: [record], parse: (input) => [...parseCsv(input.toString())] },
  diversions: { seeds: ['/bin/sh\n/bin/sh.distrib\ndash\n'], parse: (input) => parseDiversions(input.toString()) },
  copyright: { seeds: [copyright], parse: (input) => licensesOfCopyright(input.toString(), ids) },
  licences: {
    seeds: ['GPL-2+ and (MIT or BSD-3-clause), and Artistic with OpenSSL exception', 'MIT/Apache-2.0'],
    parse: (input) => readLicense(input.toString(), ids),
  },
  changelogs: {
    seeds: [changelog],
    parse: (input) => analyseChangelog(parseChangelog(input.toString()), span, versionSchemes.deb),
  },
  'mentions of CVEs': {
    seeds: ['CVE-2023-1234 to -1236, CVE-2022-{1,2} / 2021-3; not affected by CVE-2020-1.'],
    parse: (input) => {
      findCves(input.toString());
      mentionsOf(input.toString().split('\n'));
    },
  },
  'apt sources': {
    seeds: [
      'deb [signed-by=/a] http://u:p@h/debian bookworm main\n',
      'Types: deb\nURIs: http://h/\nSuites: a\nComponents: main\n',
    ],
    parse: (input) => {
      parseSources('a.list', input.toString());
      parseSources('a.sources', input.toString());
    },
  },
  'apt credentials': { seeds: ['machine h/p login u password p\n'], parse: (input) => parseAuthFile(input.toString()) },
};

describe('readers of what distributions write give an answer or a fault of their own', () => {
  it.each(Object.entries(targets))('%s', async (_, target) => fuzz(target));
});

describe('the inventory, with one file damaged, never fails', () => {
  it.each(Object.entries(evidence))('%s', async (path, intact) => {
    await fuzz({ seeds: [intact], parse: (input) => inventory({ [path]: input }), cost: 12 });
  });
});

describe('orders of versions never fail', () => {
  const seeds = [
    '1.0.0',
    '1:2.3~rc1-4+deb12u1',
    '1.2.3-alpha.1+build',
    'v0.0.0-20200101000000-abcdefabcdef',
    '1.0a1.dev2+local',
    '2.0-r1',
    '1.0-SNAPSHOT',
  ];

  it.each(Object.values(versionSchemes).map((scheme) => [scheme.id, scheme] as const))('%s', async (_, scheme) => {
    await fuzz({
      seeds,
      parse: (input) => {
        const [a = '', b = ''] = input.toString().split('\n');
        for (const other of [b, ...seeds]) {
          scheme.isValid(other);
          const order = scheme.compare(a, other);
          expect(Math.sign(scheme.compare(other, a)) + Math.sign(order)).toBe(0);
        }
      },
    });
    fc.assert(
      fc.property(fc.nat(200_000), (length) => {
        const long = '1'.repeat(length);
        expect(scheme.compare(long, long)).toBe(0);
        scheme.isValid(`${'1.'.repeat(length)}1`);
        scheme.isValid(`1${'-a'.repeat(length)}`);
        scheme.compare(`${'0'.repeat(length)}1`, '1');
      }),
      { numRuns: 5, seed: 1 },
    );
  });
});
