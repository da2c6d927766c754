import { describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Inventory } from '../model.ts';
import { takeInventory } from '../take-inventory.ts';
import { type MemoryLayer, memoryFilesystem } from '../testing/memory-filesystem.ts';
import { apk } from './apk.ts';

const release = 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n';

/** As apk-tools 2.14 writes it. */
const database = `C:Q1p78yvTLG094tHE1+dToJGbmYzQE=
P:musl
V:1.2.4_git20230717-r4
A:x86_64
S:407278
I:667648
T:the musl c library (libc) implementation
U:https://musl.libc.org/
L:MIT
o:musl
m:Somebody <somebody@example.org>
t:1699267543
c:ca7f2ab5e88794e4e654b40776f8a92256f50639
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1VtTQGnbzyEDt6rSn0nnQjaMMBQc=
R:libc.musl-x86_64.so.1
a:0:0:777
Z:Q17yJ3JFNypA4mxhJJr0ou6CzsJVI=

C:Q1o8zZFrNZlaAy2yM5w8ai8PvRo9Q=
P:libcrypto3
V:3.1.4-r5
A:x86_64
S:1797853
I:4591616
T:Crypto library from openssl
U:https://www.openssl.org/
L:Apache-2.0
o:openssl
m:Somebody <somebody@example.org>
t:1705661034
c:b2b7b3b3a7c1e7a2f5c4b1b5a3b7d1b2c3d4e5f6
D:so:libc.musl-x86_64.so.1 !libressl>3 /bin/sh
p:so:libcrypto.so.3=3
r:libcrypto1.1
F:etc
F:etc/ssl
R:openssl.cnf
Z:Q1wGuxVEOK9iGLj1i8D3BSBnT7MJA=
F:lib
M:0:0:1777
R:libcrypto.so.3
a:0:0:755
Z:Q2BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=
F:usr
F:usr/lib

P:busybox
V:1.36.1-r15
A:x86_64
L:GPL-2.0-only AND bzip2-1.0.6
o:busybox
F:bin
R:busybox
a:0:0:755

`;

async function inventoryOf(...layers: readonly MemoryLayer[]): Promise<Inventory> {
  return takeInventory(memoryFilesystem(...layers), [apk], createContext());
}

describe('the database of apk', () => {
  it('gives names, versions, origins, licences, relations and purls', async () => {
    const { packages, diagnostics } = await inventoryOf({
      '/etc/os-release': release,
      '/lib/apk/db/installed': database,
      '/bin/busybox': '',
    });
    expect(diagnostics).toEqual([]);
    expect(packages.map(({ name, version, source }) => [name, version, source?.name])).toEqual([
      ['busybox', '1.36.1-r15', 'busybox'],
      ['libcrypto3', '3.1.4-r5', 'openssl'],
      ['musl', '1.2.4_git20230717-r4', 'musl'],
    ]);
    const [busybox, crypto, musl] = packages;
    expect(busybox?.licenses).toEqual(['GPL-2.0-only AND bzip2-1.0.6']);
    expect(crypto).toMatchObject({
      architecture: 'x86_64',
      purl: 'pkg:apk/alpine/libcrypto3@3.1.4-r5?arch=x86_64&distro=alpine-3.19.1',
      licenses: ['Apache-2.0'],
      installedSize: 4_591_616,
      homepage: 'https://www.openssl.org/',
      maintainer: 'Somebody <somebody@example.org>',
      summary: 'Crypto library from openssl',
      source: { name: 'openssl', version: '3.1.4-r5' },
      dependsOn: [musl?.id],
      evidence: [{ path: '/lib/apk/db/installed', layer: 0, cataloger: 'apk' }],
    });
  });

  it('gives the files of each package with their hashes', async () => {
    const inventory = await inventoryOf({ '/etc/os-release': release, '/lib/apk/db/installed': database });
    const files = await inventory.files();
    const of = (name: string) => files.get(inventory.packages.find((item) => item.name === name)?.id ?? '');
    expect(of('libcrypto3')).toEqual([
      { path: '/etc/ssl/openssl.cnf', hash: expect.stringMatching(/^sha1:[0-9a-f]{40}$/) },
      { path: '/lib/libcrypto.so.3', hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    ]);
    expect(of('busybox')).toEqual([{ path: '/bin/busybox' }]);
    expect(of('musl')).toHaveLength(2);
  });

  it('is found in its new place, and at both when an image has both', async () => {
    const moved = await inventoryOf({ '/etc/os-release': release, '/usr/lib/apk/db/installed': database });
    expect(moved.packages).toHaveLength(3);
    const both = await inventoryOf(
      { '/etc/os-release': release, '/lib/apk/db/installed': database },
      { '/usr/lib/apk/db/installed': database },
    );
    expect(both.packages).toHaveLength(3);
    expect(both.packages.map(({ layer }) => layer)).toEqual([0, 0, 0]);
  });

  it('tells upgraded and removed packages of layers apart', async () => {
    const later = database.replace('3.1.4-r5', '3.1.7-r0').replace(/\nP:busybox[\s\S]*$/, '\n');
    const { packages, history } = await inventoryOf(
      { '/etc/os-release': release, '/lib/apk/db/installed': database },
      { '/app': '' },
      { '/lib/apk/db/installed': later },
    );
    expect(packages.map(({ name, layer }) => [name, layer])).toEqual([
      ['libcrypto3', 2],
      ['musl', 0],
    ]);
    expect(history.map(({ name, fate }) => [name, fate])).toEqual([
      ['busybox', { kind: 'removed', layer: 2 }],
      ['libcrypto3', { kind: 'upgraded', layer: 2 }],
    ]);
  });

  it('reports records that say too little', async () => {
    const { packages, diagnostics } = await inventoryOf({
      '/lib/apk/db/installed': 'V:1\n\nP:nameless\n\nno field\nP:x\nV:1\n',
    });
    expect(packages.map(({ name }) => name)).toEqual(['x']);
    expect(diagnostics.map(({ code }) => code).sort()).toEqual([
      'distribution.unknown',
      'package.malformed',
      'package.malformed',
      'package.without-version',
    ]);
  });
});
