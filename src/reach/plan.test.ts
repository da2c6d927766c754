import { describe, expect, it } from 'vitest';
import { createContext } from '../core/context.ts';
import { makeElf } from '../formats/elf/testing/make-elf.ts';
import type { ImageConfig } from '../image/model.ts';
import type { Package } from '../inventory/model.ts';
import { type MemoryLayer, memoryFilesystem } from '../inventory/testing/memory-filesystem.ts';
import { makePlan, type Plan } from './plan.ts';
import { computeReach } from './reach.ts';
import { program } from './testing/reach-of.ts';

const elf = (needed: readonly string[] = []) => ({ mode: 0o755, content: makeElf({ needed }) });

async function planOf(
  config: ImageConfig,
  layers: readonly MemoryLayer[],
  owned: Readonly<Record<string, readonly string[]>> = {},
): Promise<Plan> {
  const filesystem = memoryFilesystem(...layers);
  const paths = new Set(Object.values(owned).flat());
  const { graph, application } = await computeReach({
    config,
    filesystem,
    keep: [],
    isOwned: (path) => paths.has(path),
    wholeApplication: true,
    context: createContext(),
  });
  const packages = Object.keys(owned).map((id) => ({ id, type: 'deb' }) as Package);
  const files = new Map(Object.entries(owned).map(([id, list]) => [id, list.map((path) => ({ path }))]));
  return makePlan({ graph, application, filesystem, config, packages, files });
}

const keptPaths = (plan: Plan): readonly string[] =>
  plan.kept.filter(({ type }) => type !== 'directory').map(({ path }) => path);

describe('makePlan', () => {
  it('puts every path in one of two lists, with sizes by package', async () => {
    const base: MemoryLayer = {
      '/usr/bin/server': elf(['liba.so']),
      '/usr/lib/liba.so': elf(),
      '/usr/share/doc/server/copyright': 'x',
      '/usr/bin/tool': elf(),
      '/tmp': { mode: 0o755 },
    };
    const owned = {
      'deb/server': ['/usr/bin/server', '/usr/share/doc/server/copyright'],
      'deb/tool': ['/usr/bin/tool'],
    };
    const plan = await planOf({ cmd: ['server'] }, [base], owned);
    expect(keptPaths(plan)).toEqual(['/tmp', '/usr/bin/server', '/usr/lib/liba.so']);
    expect(plan.kept.find(({ path }) => path === '/usr/lib/liba.so')?.reason).toEqual({
      kind: 'needed',
      from: '/usr/bin/server',
      detail: 'liba.so',
    });
    expect(plan.kept.find(({ path }) => path === '/usr/lib')?.reason).toEqual({ kind: 'parent' });
    expect(plan.dropped.filter(({ type }) => type === 'file').map(({ path }) => path)).toEqual([
      '/usr/bin/tool',
      '/usr/share/doc/server/copyright',
    ]);
    expect(plan.packages.map(({ id, keptFiles, files }) => [id, keptFiles, files])).toEqual([
      ['deb/server', 1, 2],
      ['deb/tool', 0, 1],
    ]);
    const all = plan.kept.length + plan.dropped.length;
    expect(new Set([...plan.kept, ...plan.dropped].map(({ path }) => path)).size).toBe(all);
  });

  it('keeps the application whole, with what its parts need, and nothing that packages own', async () => {
    const base: MemoryLayer = {
      '/usr/bin/node': program,
      '/usr/lib/libimage.so': elf(),
      '/usr/bin/perl': program,
      '/usr/bin/added': program,
    };
    const layer: MemoryLayer = {
      '/app/main.js': '',
      '/app/unused.js': "require('/opt/shared.js')",
      '/app/data/list.txt': 'x',
      '/app/node_modules/addon/build/addon.node': elf(['libimage.so']),
      '/app/node_modules/addon/tool.pl': { mode: 0o755, content: '#!/usr/bin/perl\n' },
      '/opt/other/thing.bin': 'x',
      '/opt/shared.js': '',
      '/usr/bin/added-later': program,
      '/var/cache/apt/archives/x.deb': 'x',
      '/var/log/install.log': 'x',
      '/root/.npm/x': 'x',
      '/app/lib.a': 'x',
    };
    const plan = await planOf({ cmd: ['node', 'main.js'], workingDir: '/app' }, [base, layer], {
      'deb/later': ['/usr/bin/added-later'],
    });
    expect(keptPaths(plan)).toEqual([
      '/app/data/list.txt',
      '/app/lib.a',
      '/app/main.js',
      '/app/node_modules/addon/build/addon.node',
      '/app/node_modules/addon/tool.pl',
      '/app/unused.js',
      '/opt/other/thing.bin',
      '/opt/shared.js',
      '/usr/bin/node',
      '/usr/lib/libimage.so',
    ]);
    expect(plan.kept.find(({ path }) => path === '/app/unused.js')?.reason.kind).toBe('application');
  });

  it('is the same for the same image', async () => {
    const layer: MemoryLayer = { '/app/a': elf(['libb.so']), '/usr/lib/libb.so': elf(), '/app/c': 'x' };
    const plans = await Promise.all([1, 2, 3].map(() => planOf({ cmd: ['/app/a'] }, [layer])));
    expect(JSON.stringify(plans[1])).toBe(JSON.stringify(plans[0]));
    expect(JSON.stringify(plans[2])).toBe(JSON.stringify(plans[0]));
  });
});
