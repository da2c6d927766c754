import { describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Inventory } from '../model.ts';
import { takeInventory } from '../take-inventory.ts';
import { type MemoryLayer, memoryFilesystem } from '../testing/memory-filesystem.ts';
import { dpkg } from './dpkg.ts';
import { npm } from './npm.ts';

const release = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n';

function stanza(name: string, version: string, more: Readonly<Record<string, string>> = {}): string {
  const fields = { Package: name, Status: 'install ok installed', Version: version, Architecture: 'amd64', ...more };
  return `${Object.entries(fields)
    .map((pair) => pair.join(': '))
    .join('\n')}\n\n`;
}

async function inventoryOf(...layers: readonly MemoryLayer[]): Promise<Inventory> {
  const [first = {}, ...rest] = layers;
  const filesystem = memoryFilesystem({ '/etc/os-release': release, ...first }, ...rest);
  return takeInventory(filesystem, [dpkg, npm], createContext());
}

async function filesOf(inventory: Inventory, name: string): Promise<readonly unknown[] | undefined> {
  return (await inventory.files()).get(inventory.packages.find((item) => item.name === name)?.id ?? '');
}

describe('packages of dpkg', () => {
  it('keep epochs, sources and what was compiled in', async () => {
    const status =
      stanza('a', '1:2.3-4+b1', {
        Source: 'src-a (1:2.3-4)',
        'Built-Using': 'golang-1.19 (= 1.19.8-2), glibc (= 2.36)',
      }) +
      stanza('b', '2.0', { 'Static-Built-Using': 'rust (= 1.63)', Architecture: 'all' }) +
      stanza('c', '1', { Source: 'src-c' });
    const { packages } = await inventoryOf({ '/var/lib/dpkg/status': status });
    expect(packages.map(({ purl }) => purl)).toEqual([
      'pkg:deb/debian/a@1:2.3-4%2Bb1?arch=amd64&distro=debian-12',
      'pkg:deb/debian/b@2.0?arch=all&distro=debian-12',
      'pkg:deb/debian/c@1?arch=amd64&distro=debian-12',
    ]);
    expect(packages.map(({ source }) => source)).toEqual([
      { name: 'src-a', version: '1:2.3-4' },
      { name: 'b', version: '2.0' },
      { name: 'src-c', version: '1' },
    ]);
    expect(packages.map(({ builtUsing }) => builtUsing)).toEqual([
      [
        { name: 'golang-1.19', version: '1.19.8-2' },
        { name: 'glibc', version: '2.36' },
      ],
      [{ name: 'rust', version: '1.63' }],
      undefined,
    ]);
  });

  it.each([
    ['install ok installed', [undefined]],
    ['hold ok installed', ['hold']],
    ['install ok half-installed', ['half-installed']],
    ['install reinstreq half-configured', ['half-configured']],
    ['install ok unpacked', ['unpacked']],
    ['install ok triggers-pending', ['triggers-pending']],
    ['deinstall ok config-files', []],
    ['purge ok not-installed', []],
  ])('in the state "%s" are %j', async (state, expected) => {
    const { packages } = await inventoryOf({ '/var/lib/dpkg/status': stanza('a', '1', { Status: state }) });
    expect(packages.map((item) => item.state)).toEqual(expected);
  });

  it('own the files of their lists, by architecture and as diverted', async () => {
    const inventory = await inventoryOf({
      '/var/lib/dpkg/status': stanza('a', '1') + stanza('b', '1', { 'Multi-Arch': 'same' }) + stanza('dash', '1'),
      '/var/lib/dpkg/info/a.list': '/.\n/usr\n/usr/bin\n/usr/bin/a\n/etc\n/etc/a.conf\n/bin/sh\n',
      '/var/lib/dpkg/info/a.md5sums': `${'0'.repeat(32)}  usr/bin/a\n`,
      '/var/lib/dpkg/info/b:amd64.list': '/.\n/usr/lib/b.so\n',
      '/var/lib/dpkg/info/dash.list': '/.\n/bin/sh\n',
      '/var/lib/dpkg/diversions': '/bin/sh\n/bin/sh.distrib\ndash\n',
      '/usr/bin/a': '',
    });
    expect(await filesOf(inventory, 'a')).toEqual([
      { path: '/usr/bin/a', hash: `md5:${'0'.repeat(32)}` },
      { path: '/etc/a.conf' },
      { path: '/bin/sh.distrib' },
    ]);
    expect(await filesOf(inventory, 'b')).toEqual([{ path: '/usr/lib/b.so' }]);
    expect(await filesOf(inventory, 'dash')).toEqual([{ path: '/bin/sh' }]);
  });

  it('of distroless images have one file each, with a list beside it', async () => {
    const inventory = await inventoryOf({
      '/var/lib/dpkg/status.d/base': stanza('base-files', '12.4').replace(/Status: .*\n/, ''),
      '/var/lib/dpkg/status.d/base.md5sums': `${'a'.repeat(32)}  etc/issue\n`,
      '/var/lib/dpkg/status.d/libc6': stanza('libc6', '2.36-9'),
    });
    expect(inventory.packages.map(({ name, evidence }) => [name, evidence[0].path])).toEqual([
      ['base-files', '/var/lib/dpkg/status.d/base'],
      ['libc6', '/var/lib/dpkg/status.d/libc6'],
    ]);
    expect(await filesOf(inventory, 'base-files')).toEqual([{ path: '/etc/issue', hash: `md5:${'a'.repeat(32)}` }]);
  });

  it('own the language packages whose files they brought, also under a folder that is a link', async () => {
    const manifest = '{"name": "x", "version": "1.0.0"}';
    const inventory = await inventoryOf({
      '/var/lib/dpkg/status': stanza('node-x', '1'),
      '/var/lib/dpkg/info/node-x.list': '/.\n/share/nodejs/x/package.json\n',
      '/share': { link: 'usr/share' },
      '/usr/share/nodejs/x/package.json': manifest,
      '/app/node_modules/x/package.json': manifest,
    });
    const owners = inventory.packages.map(({ evidence, ownedBy }) => [evidence[0].path, ownedBy]);
    const [node] = inventory.packages;
    expect(owners).toEqual([
      ['/var/lib/dpkg/status', undefined],
      ['/app/node_modules/x/package.json', undefined],
      ['/usr/share/nodejs/x/package.json', node?.id],
    ]);
  });

  it('report what cannot be understood, and keep the rest', async () => {
    const { packages, diagnostics } = await inventoryOf({
      '/var/lib/dpkg/status': `garbage without a colon\n${stanza('a', '1')}Version: 1\n\nPackage: b\n\n`,
    });
    expect(packages.map(({ name }) => name)).toEqual(['a']);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(
      new Set(['package.malformed', 'package.without-version']),
    );
  });
});
