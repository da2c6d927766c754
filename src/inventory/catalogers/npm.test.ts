import { describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Inventory, Package } from '../model.ts';
import { takeInventory } from '../take-inventory.ts';
import { type MemoryLayer, memoryFilesystem } from '../testing/memory-filesystem.ts';
import { npm } from './npm.ts';

async function inventoryOf(...layers: readonly MemoryLayer[]): Promise<Inventory> {
  return takeInventory(memoryFilesystem(...layers), [npm], createContext());
}

function manifest(name: string, version: string, more: object = {}): string {
  return JSON.stringify({ name, version, ...more });
}

const locationsOf = ({ packages }: Inventory): readonly string[] =>
  packages.map(({ evidence }) => evidence[0].path.replace(/\/package\.json$/, '')).sort();

describe('npm packages', () => {
  it('are what stands directly in node_modules, a scope of it, or /usr/share/nodejs', async () => {
    const installed = [
      '/node_modules/root',
      '/app/node_modules/a',
      '/app/node_modules/@scope/b',
      '/app/node_modules/a/node_modules/c',
      '/usr/local/lib/node_modules/npm',
      '/usr/share/nodejs/d',
      '/usr/share/nodejs/@types/e',
      '/app/node_modules/.pnpm/f@1.0.0/node_modules/f',
    ];
    const others = [
      '/app',
      '/app/node_modules/a/test',
      '/app/src/x',
      '/usr/share/nodejs/d/lib',
      '/app/node_modules/.bin',
    ];
    const inventory = await inventoryOf(
      Object.fromEntries([...installed, ...others].map((path) => [`${path}/package.json`, manifest('x', '1.0.0')])),
    );
    expect(locationsOf(inventory)).toEqual(installed.toSorted());
  });

  it('need a name and a version; a module folder inside a package has neither', async () => {
    const { packages, diagnostics } = await inventoryOf({
      '/node_modules/esm/package.json': '{"type": "module"}',
      '/node_modules/nameless/package.json': '{"version": "1.0.0"}',
      '/node_modules/broken/package.json': '{"name": ',
      '/node_modules/list/package.json': '[]',
      '/node_modules/none/package.json': '{"name": "@scope/", "version": "1.0.0"}',
      '/node_modules/proto/package.json': '{"__proto__": {"name": "x", "version": "1"}}',
    });
    expect(packages).toEqual([]);
    expect(diagnostics.map(({ path }) => path)).toEqual([
      '/node_modules/broken/package.json',
      '/node_modules/list/package.json',
      '/node_modules/none/package.json',
    ]);
  });

  it('say their licence in any of its shapes', async () => {
    const shapes: readonly (readonly [object, string])[] = [
      [{ license: 'MIT' }, 'MIT'],
      [{ license: '(MIT OR GPL-3.0)' }, 'MIT OR GPL-3.0-only'],
      [{ license: { type: 'BSD-2-Clause', url: 'x' } }, 'BSD-2-Clause'],
      [{ licenses: [{ type: 'MIT' }, { type: 'Apache-2.0' }] }, 'MIT OR Apache-2.0'],
      [{ license: 'SEE LICENSE IN LICENSE.md' }, 'LicenseRef-SEE-LICENSE-IN-LICENSE.md'],
    ];
    const { packages } = await inventoryOf(
      Object.fromEntries(
        shapes.map(([fields], index) => [
          `/node_modules/p${index}/package.json`,
          manifest(`p${index}`, '1.0.0', fields),
        ]),
      ),
    );
    expect(packages.map(({ licenses }) => licenses)).toEqual(shapes.map(([, expected]) => [expected]));
  });

  it('depend on the copy that Node would find', async () => {
    const needsB = { dependencies: { b: '*' } };
    const inventory = await inventoryOf({
      '/app/node_modules/a/package.json': manifest('a', '1.0.0', needsB),
      '/app/node_modules/a/node_modules/b/package.json': manifest('b', '2.0.0'),
      '/app/node_modules/b/package.json': manifest('b', '1.0.0'),
      '/app/node_modules/c/package.json': manifest('c', '1.0.0', needsB),
      '/other/node_modules/d/package.json': manifest('d', '1.0.0', needsB),
    });
    const versionOf = (id: string): string | undefined => inventory.packages.find((item) => item.id === id)?.version;
    const needs = (name: string): readonly (string | undefined)[] =>
      inventory.packages.find((item) => item.name === name)?.dependsOn?.map(versionOf) ?? [];
    expect([needs('a'), needs('c'), needs('d')]).toEqual([['2.0.0'], ['1.0.0'], []]);
  });

  it("come from where npm's hidden lock file says", async () => {
    const lock = {
      packages: { 'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example.com/a-1.0.0.tgz' } },
    };
    const { packages } = await inventoryOf({
      '/app/node_modules/.package-lock.json': JSON.stringify(lock),
      '/app/node_modules/a/package.json': manifest('a', '1.0.0'),
      '/app/node_modules/b/package.json': manifest('b', '1.0.0'),
    });
    expect(packages.map(({ origin }) => origin)).toEqual(['https://registry.example.com/a-1.0.0.tgz', undefined]);
  });

  it('own what is in their folder, save what another package in it owns', async () => {
    const inventory = await inventoryOf({
      '/app/node_modules/a/package.json': manifest('a', '1.0.0'),
      '/app/node_modules/a/lib/x.js': 'x',
      '/app/node_modules/a/node_modules/b/package.json': manifest('b', '1.0.0'),
    });
    const files = await inventory.files();
    const pathsOf = ({ id }: Package): readonly string[] => (files.get(id) ?? []).map(({ path }) => path);
    expect(inventory.packages.map(pathsOf)).toEqual([
      ['/app/node_modules/a/lib/x.js', '/app/node_modules/a/package.json'],
      ['/app/node_modules/a/node_modules/b/package.json'],
    ]);
  });

  it('of one name in two folders are two, in each with its own history', async () => {
    const { packages, history } = await inventoryOf(
      {
        '/a/node_modules/x/package.json': manifest('x', '1.0.0'),
        '/b/node_modules/x/package.json': manifest('x', '1.0.0'),
      },
      { '/b/node_modules/x/package.json': manifest('x', '2.0.0'), '/a/node_modules': null },
      { '/a/node_modules/x/package.json': manifest('x', '1.0.0') },
    );
    expect(packages.map(({ version, layer, evidence }) => [version, layer, evidence[0].path])).toEqual([
      ['1.0.0', 2, '/a/node_modules/x/package.json'],
      ['2.0.0', 1, '/b/node_modules/x/package.json'],
    ]);
    expect(history.map(({ version, layer, fate }) => [version, layer, fate])).toEqual([
      ['1.0.0', 0, { kind: 'upgraded', layer: 1 }],
    ]);
  });
});
