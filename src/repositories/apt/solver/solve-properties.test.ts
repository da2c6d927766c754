import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../../../core/errors.ts';
import { type Solved, solve } from './solve.ts';
import { packagesOf, sourceOf } from './testing/packages.ts';

/** A package whose versions and relations are numbers, so that the test needs no parser of its own. */
interface Toy {
  readonly name: number;
  readonly version: number;
  readonly depends: readonly (readonly ToyRelation[])[];
  readonly conflicts: readonly ToyRelation[];
  readonly provides: readonly { readonly name: number; readonly version: number | undefined }[];
}

interface ToyRelation {
  readonly name: number;
  readonly version: { readonly operator: '<<' | '<=' | '=' | '>=' | '>>'; readonly than: number } | undefined;
}

const names = fc.integer({ min: 0, max: 6 });
const versions = fc.integer({ min: 1, max: 3 });
const operators = fc.constantFrom('<<', '<=', '=', '>=', '>>');
const relations: fc.Arbitrary<ToyRelation> = fc.record({
  name: names,
  version: fc.option(fc.record({ operator: operators, than: versions }), { nil: undefined, freq: 3 }),
});
const toys: fc.Arbitrary<Toy> = fc.record({
  name: names,
  version: versions,
  depends: fc.array(fc.array(relations, { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  conflicts: fc.array(relations, { maxLength: 2 }),
  provides: fc.array(fc.record({ name: names, version: fc.option(versions, { nil: undefined }) }), { maxLength: 2 }),
});
const universes = fc.uniqueArray(toys, {
  minLength: 1,
  maxLength: 9,
  selector: ({ name, version }) => `${name} ${version}`,
});
const requests = fc.uniqueArray(names, { minLength: 1, maxLength: 3 });

function written({ name, version }: ToyRelation): string {
  return version === undefined ? `p${name}` : `p${name} (${version.operator} ${version.than})`;
}

function solveToys(universe: readonly Toy[], wanted: readonly number[]): readonly Solved<Described>[] | undefined {
  const packages = packagesOf(
    Object.fromEntries(
      universe.map((toy) => [
        `p${toy.name} ${toy.version}`,
        {
          depends: toy.depends.map((need) => need.map(written).join(' | ')).join(', '),
          conflicts: toy.conflicts.map(written).join(', '),
          provides: toy.provides
            .map(({ name, version }) => (version === undefined ? `p${name}` : `p${name} (= ${version})`))
            .join(', '),
        },
      ]),
    ),
  );
  try {
    return solve(
      wanted.map((name) => `p${name}`),
      sourceOf(packages),
      { architecture: 'amd64' },
    );
  } catch (error) {
    if (isCinzelError(error, 'usage.unsatisfiable')) {
      expect(error.parameters.steps.length).toBeGreaterThan(0);
      return undefined;
    }
    throw error;
  }
}

type Described = ReturnType<typeof packagesOf>[number];

function holds(version: number, wanted: ToyRelation['version']): boolean {
  if (wanted === undefined) return true;
  const { operator, than } = wanted;
  return {
    '<<': version < than,
    '<=': version <= than,
    '=': version === than,
    '>=': version >= than,
    '>>': version > than,
  }[operator];
}

function fills(toy: Toy, relation: ToyRelation): boolean {
  if (toy.name === relation.name && holds(toy.version, relation.version)) return true;
  return toy.provides.some(({ name, version }) => {
    if (name !== relation.name) return false;
    return relation.version === undefined || (version !== undefined && holds(version, relation.version));
  });
}

/** Whether these packages may be installed together and answer the request, by the letter of the policy. */
function isValid(set: readonly Toy[], wanted: readonly number[], universe: readonly Toy[]): boolean {
  const needs = set.flatMap(({ depends }) => depends);
  return (
    wanted.every((name) => {
      const isReal = universe.some((toy) => toy.name === name);
      return set.some((toy) => (isReal ? toy.name === name : fills(toy, { name, version: undefined })));
    }) &&
    new Set(set.map(({ name }) => name)).size === set.length &&
    needs.every((need) => need.some((relation) => set.some((toy) => fills(toy, relation)))) &&
    set.every((toy) =>
      toy.conflicts.every((relation) => !set.some((other) => other.name !== toy.name && fills(other, relation))),
    )
  );
}

function toysOf(solved: readonly Solved<Described>[], universe: readonly Toy[]): readonly Toy[] {
  return solved.flatMap(({ package: { name, version } }) =>
    universe.filter((toy) => `p${toy.name}` === name && `${toy.version}` === version),
  );
}

function subsets(universe: readonly Toy[]): readonly (readonly Toy[])[] {
  return Array.from({ length: 2 ** universe.length }, (_, bits) =>
    universe.filter((_toy, index) => (bits & (1 << index)) !== 0),
  );
}

describe('the solver on random universes', () => {
  it('gives a set that meets every relation, or there is none', () => {
    let found = 0;
    fc.assert(
      fc.property(universes, requests, (universe, wanted) => {
        const solved = solveToys(universe, wanted);
        if (solved === undefined) {
          expect(subsets(universe).some((set) => isValid(set, wanted, universe))).toBe(false);
          return;
        }
        found++;
        expect(isValid(toysOf(solved, universe), wanted, universe)).toBe(true);
      }),
      { numRuns: 1_500, seed: 1 },
    );
    expect(found).toBeGreaterThan(250);
  });

  it('gives nothing that is not wanted by something before it was', () => {
    fc.assert(
      fc.property(universes, requests, (universe, wanted) => {
        const solved = solveToys(universe, wanted) ?? [];
        const byName = new Map(solved.map((one) => [one.package.name, one]));
        for (const one of solved) {
          const chain = new Set<string>();
          for (let at: Solved<Described> | undefined = one; at?.wantedBy !== undefined; at = byName.get(at.wantedBy)) {
            expect(chain.has(at.package.name)).toBe(false);
            chain.add(at.package.name);
            expect(byName.has(at.wantedBy)).toBe(true);
          }
        }
      }),
      { numRuns: 1_000, seed: 2 },
    );
  });

  it('gives nothing that could be left out where every need has one package for it', () => {
    const single = universes.map((universe) => {
      const only = universe.filter((toy, index) => universe.findIndex(({ name }) => name === toy.name) === index);
      return only.map((toy) => ({ ...toy, depends: toy.depends.map((need) => need.slice(0, 1)), provides: [] }));
    });
    fc.assert(
      fc.property(single, requests, (universe, wanted) => {
        const set = toysOf(solveToys(universe, wanted) ?? [], universe);
        for (const left of set)
          expect(
            isValid(
              set.filter((toy) => toy !== left),
              wanted,
              universe,
            ),
          ).toBe(false);
      }),
      { numRuns: 1_000, seed: 3 },
    );
  });

  it('gives the same every time, and in whatever order it is asked a set or none', () => {
    fc.assert(
      fc.property(universes, requests, (universe, wanted) => {
        const namesOf = (order: readonly number[]): readonly string[] | undefined =>
          solveToys(universe, order)?.map(({ package: { name, version } }) => `${name} ${version}`);
        expect(namesOf(wanted)).toEqual(namesOf(wanted));
        expect(namesOf([...wanted].reverse()) === undefined).toBe(namesOf(wanted) === undefined);
      }),
      { numRuns: 1_000, seed: 4 },
    );
  });
});
