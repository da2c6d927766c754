import { describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import { makeElf } from '../../formats/elf/testing/make-elf.ts';
import type { ImageConfig } from '../../image/model.ts';
import { catalogers } from '../../inventory/catalogers/index.ts';
import type { Package } from '../../inventory/model.ts';
import { isDistributionType } from '../../inventory/package-id.ts';
import { takeInventory } from '../../inventory/take-inventory.ts';
import { type MemoryLayer, memoryFilesystem } from '../../inventory/testing/memory-filesystem.ts';
import { ImageTree } from '../image-tree.ts';
import { computeReach } from '../reach.ts';
import { program } from '../testing/reach-of.ts';
import { makePlan } from './make-plan.ts';
import type { Plan } from './model.ts';

interface Given {
  readonly config?: ImageConfig;
  readonly strict?: boolean;
  readonly added?: readonly string[];
}

async function planOf(layers: readonly MemoryLayer[], given: Given = {}): Promise<Plan> {
  const { config = { entrypoint: ['/usr/bin/server'], workingDir: '/app' }, strict = false, added = [] } = given;
  const context = createContext();
  const filesystem = memoryFilesystem(...layers);
  const tree = new ImageTree(filesystem, context.limits.linkHops);
  const inventory = await takeInventory(filesystem, catalogers, context);
  const files = await inventory.files();
  const pathsOf = (packages: readonly Package[]) =>
    new Set(packages.flatMap(({ id }) => files.get(id) ?? []).map(({ path }) => path));
  const owned = pathsOf(inventory.packages.filter(({ type }) => isDistributionType(type)));
  const packaged = pathsOf(inventory.packages);
  const { graph, application } = await computeReach({
    config,
    filesystem,
    keep: [],
    isOwned: (path) => owned.has(path),
    isPackaged: (path) => packaged.has(path),
    wholeApplication: !strict,
    added,
    context,
  });
  return makePlan({ graph, filesystem, tree, config, application, strict, packages: inventory.packages, files });
}

function keptOf({ entries }: Plan): ReadonlyMap<string, string> {
  return new Map(entries.flatMap(({ path, fate, reason }) => (fate === 'kept' ? [[path, reason]] : [])));
}

function stanza(name: string): string {
  return `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nDescription: x\n`;
}

const base: MemoryLayer = {
  '/bin': { link: 'usr/bin' },
  '/opt-link': { link: 'opt' },
  '/usr/bin/server': program,
  '/usr/bin/idle': program,
  '/usr/share/doc/server/copyright': 'see /usr/share/common-licenses/GPL-2.',
  '/usr/share/doc/server/README': 'x',
  '/usr/share/doc/idle/copyright': 'x',
  '/usr/share/common-licenses/GPL-2': 'x',
  '/usr/share/common-licenses/GPL-3': 'x',
  '/etc/os-release': { link: '../usr/lib/os-release' },
  '/usr/lib/os-release': 'ID=debian\n',
  '/var/lib/dpkg/status': `${stanza('server')}\n${stanza('idle')}`,
  '/var/lib/dpkg/info/server.list': '/usr/bin/server\n/usr/share/doc/server/copyright\n/usr/share/doc/server/README\n',
  '/var/lib/dpkg/info/idle.list': '/usr/bin/idle\n/usr/share/doc/idle/copyright\n',
  '/var/lib/dpkg/info/idle.postinst': 'x',
  '/var/cache/apt/x': 'x',
  '/srv/note': 'x',
};

describe('makePlan', () => {
  it('keeps what is reached with its package, and says why of every path', async () => {
    const plan = await planOf([base]);
    const kept = keptOf(plan);
    expect(Object.fromEntries(kept)).toMatchObject({
      '/': 'parent',
      '/bin': 'parent',
      '/usr/bin/server': 'entrypoint',
      '/usr/share/doc/server/copyright': 'licence',
      '/usr/share/common-licenses/GPL-2': 'licence',
      '/usr/lib/os-release': 'distribution',
      '/etc/os-release': 'distribution',
      '/var/lib/dpkg/status': 'record',
      '/var/lib/dpkg/info/server.list': 'record',
    });
    const dropped = Object.fromEntries(
      plan.entries.flatMap(({ path, fate, reason }) => (fate === 'dropped' ? [[path, reason]] : [])),
    );
    expect(dropped).toMatchObject({
      '/opt-link': 'unreached',
      '/usr/bin/idle': 'unreached',
      '/usr/share/doc/idle/copyright': 'documentation',
      '/usr/share/doc/server/README': 'documentation',
      '/usr/share/common-licenses/GPL-3': 'unreached',
      '/var/lib/dpkg/info/idle.postinst': 'package-manager',
      '/var/cache/apt/x': 'cache',
      '/srv/note': 'unreached',
    });
    expect(plan.packages.map(({ name, fate, files }) => [name, fate, files])).toEqual([
      ['idle', 'dropped', { kept: 0, total: 2 }],
      ['server', 'partial', { kept: 2, total: 3 }],
    ]);
  });

  it('keeps the application whole, unless it is to be strict', async () => {
    const application: MemoryLayer = {
      '/app/data.txt': 'x',
      '/app/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      '/data/file': 'x',
      '/usr/local/lib/node_modules/npm/package.json': '{"name":"npm","version":"1.0.0"}',
      '/usr/local/lib/node_modules/npm/index.js': 'x',
    };
    const kept = keptOf(await planOf([base, application]));
    expect(kept.get('/app/data.txt')).toBe('application');
    expect(kept.get('/data/file')).toBe('application');
    expect(kept.has('/usr/local/lib/node_modules/npm/index.js')).toBe(false);
    const strict = keptOf(await planOf([base, application], { strict: true }));
    expect(strict.has('/app/data.txt')).toBe(false);
    expect(strict.has('/usr/bin/server')).toBe(true);
    const more = keptOf(await planOf([base, application], { added: ['/srv'] }));
    expect(more.get('/srv/note')).toBe('application');
  });

  it('keeps folders that are written to, and volumes', async () => {
    const layer: MemoryLayer = { '/tmp/': { mode: 0o1777 }, '/tmp/rest': 'x', '/var/lib/state/seed': 'x' };
    const config = { entrypoint: ['/usr/bin/server'], volumes: ['/var/lib/state'] };
    const kept = keptOf(await planOf([{ ...base, ...layer }], { config }));
    expect(kept.get('/tmp')).toBe('writable');
    expect(kept.has('/tmp/rest')).toBe(false);
    expect(kept.get('/var/lib/state')).toBe('writable');
  });

  it('keeps the whole metadata of a Python distribution of which something is kept', async () => {
    const site = '/usr/lib/python3/dist-packages';
    const kept = keptOf(
      await planOf([
        {
          ...base,
          '/app/lib/site-packages/a-1.dist-info/METADATA': 'Metadata-Version: 2.1\nName: a\nVersion: 1\n',
          '/app/lib/site-packages/a-1.dist-info/RECORD': 'a.py,,\n',
          '/app/lib/site-packages/a.py': 'x',
          [`${site}/b-1.dist-info/METADATA`]: 'Metadata-Version: 2.1\nName: b\nVersion: 1\n',
          [`${site}/b-1.dist-info/RECORD`]: 'b.py,,\n',
          [`${site}/b.py`]: 'x',
        },
      ]),
    );
    expect(kept.has('/app/lib/site-packages/a-1.dist-info/METADATA')).toBe(true);
    expect(kept.has(`${site}/b-1.dist-info/METADATA`)).toBe(false);
  });

  it('keeps what parts of the application need, reached or not, and no caches', async () => {
    const elf = (needed: readonly string[]) => ({ mode: 0o755, content: makeElf({ needed }) });
    const application: MemoryLayer = {
      '/app/node_modules/addon/build/addon.node': elf(['libimage.so']),
      '/app/node_modules/addon/tool.pl': { mode: 0o755, content: '#!/usr/bin/perl\n' },
      '/app/node_modules/addon/install.sh': { mode: 0o755, content: '#!/bin/sh\n' },
      '/app/lib.a': 'x',
      '/opt/other/thing.bin': 'x',
      '/var/cache/apt/archives/x.deb': 'x',
      '/var/log/install.log': 'x',
      '/root/.npm/x': 'x',
    };
    const below: MemoryLayer = {
      ...base,
      '/usr/lib/libimage.so': elf([]),
      '/usr/bin/perl': program,
      '/usr/bin/sh': program,
    };
    const kept = keptOf(await planOf([below, application]));
    const reasons = [
      '/app/lib.a',
      '/opt/other/thing.bin',
      '/usr/lib/libimage.so',
      '/usr/bin/perl',
      '/usr/bin/sh',
      '/var/cache/apt/archives/x.deb',
      '/var/log/install.log',
      '/root/.npm/x',
    ].map((path) => kept.get(path));
    expect(reasons.slice(0, 3)).toEqual(['application', 'application', 'needed']);
    expect(reasons.slice(3)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('takes of an interpreter that no package owns its library for the application, and not the tests of that', async () => {
    const library = '/usr/local/lib/python3.12';
    const layer: MemoryLayer = {
      [`${library}/json.py`]: '',
      [`${library}/test/test_json.py`]: '',
      [`${library}/idlelib/run.py`]: '',
      [`${library}/unittest/test/x.py`]: '',
      [`${library}/site-packages/own/tests/x.py`]: '',
    };
    const kept = [...keptOf(await planOf([base, layer])).keys()].filter((path) => path.endsWith('.py'));
    expect(kept).toEqual([`${library}/json.py`, `${library}/site-packages/own/tests/x.py`]);
  });

  it('is the same for the same image', async () => {
    const plans = await Promise.all([1, 2, 3].map(() => planOf([base, { '/app/a': 'x' }])));
    expect(plans[1]).toEqual(plans[0]);
    expect(plans[2]).toEqual(plans[0]);
  });
});
