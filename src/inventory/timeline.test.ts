import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContext } from '../core/context.ts';
import { dpkg } from './catalogers/dpkg.ts';
import type { Fate } from './model.ts';
import { takeInventory } from './take-inventory.ts';
import { type MemoryLayer, memoryFilesystem } from './testing/memory-filesystem.ts';

/** What a layer does to evidence files: the `name version` pairs that each now proves, or null where it removes one. */
type Change = Readonly<Record<string, readonly string[] | null>>;

const paths = ['/var/lib/dpkg/status', '/var/lib/dpkg/status.d/a', '/var/lib/dpkg/status.d/b'] as const;

function toLayer(change: Change): MemoryLayer {
  const stanza = (pair: string): string => {
    const [name, version] = pair.split(' ');
    return `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n\n`;
  };
  const files = Object.entries(change).map(([path, pairs]) => [
    path,
    pairs === null ? null : pairs.map(stanza).join(''),
  ]);
  return { '/other': 'x', ...Object.fromEntries(files) };
}

/** The pairs that the image has after each layer. */
function statesOf(changes: readonly Change[]): readonly ReadonlySet<string>[] {
  const files = new Map<string, readonly string[]>();
  return changes.map((change) => {
    for (const [path, pairs] of Object.entries(change)) files.set(path, pairs ?? []);
    return new Set([...files.values()].flat());
  });
}

interface Attribution {
  readonly pair: string;
  readonly layer: number;
  readonly fate: Fate;
}

/** By definition: the last stretch of layers after which the image had it, and what came after. */
function expected(states: readonly ReadonlySet<string>[]): readonly Attribution[] {
  const all = new Set(states.flatMap((state) => [...state]));
  return [...all].map((pair) => {
    const last = states.findLastIndex((state) => state.has(pair));
    const layer = states.slice(0, last + 1).findLastIndex((state) => !state.has(pair)) + 1;
    const next = states[last + 1];
    if (next === undefined) return { pair, layer, fate: { kind: 'present' } };
    const name = pair.split(' ')[0];
    const isUpgraded = [...next].some((other) => other.split(' ')[0] === name);
    return { pair, layer, fate: { kind: isUpgraded ? 'upgraded' : 'removed', layer: last + 1 } };
  });
}

async function found(changes: readonly Change[]): Promise<readonly Attribution[]> {
  const filesystem = memoryFilesystem(...changes.map(toLayer));
  const { packages, history } = await takeInventory(filesystem, [dpkg], createContext());
  return [...packages, ...history].map(({ name, version, layer, fate }) => ({
    pair: `${name} ${version}`,
    layer,
    fate,
  }));
}

function sorted(list: readonly Attribution[]): readonly Attribution[] {
  return list.toSorted((a, b) => (a.pair < b.pair ? -1 : 1));
}

describe('what layers did to packages', () => {
  it('is told as its definition says, for any layers', { timeout: 120_000 }, async () => {
    const pairs = fc.uniqueArray(fc.constantFrom('x 1', 'x 2', 'y 1', 'y 2', 'z 1'), { maxLength: 3 });
    const change = fc.record(Object.fromEntries(paths.map((path) => [path, fc.option(pairs, { freq: 4 })])), {
      requiredKeys: [],
    }) as fc.Arbitrary<Change>;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        expect(sorted(await found(changes))).toEqual(sorted(expected(statesOf(changes))));
      }),
      { numRuns: 500, interruptAfterTimeLimit: 30_000 },
    );
  });
});
