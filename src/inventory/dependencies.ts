import { compareText } from '../core/compare-text.ts';
import type { ImagePath } from '../core/path.ts';
import type { CatalogedPackage } from './cataloger.ts';

/** A present package, with what its manager says that it needs. */
export interface Dependent {
  readonly id: string;
  readonly found: CatalogedPackage;
  /** Locations of what it needs, where the manager goes by folders; names then say nothing more. */
  readonly locations: readonly ImagePath[] | undefined;
}

/** Ids of the packages that each package depends on, by its id: of alternatives, the first that is there. */
export function resolveDependencies(dependents: readonly Dependent[]): ReadonlyMap<string, readonly string[]> {
  const providers = providersByName(dependents);
  const byLocation = new Map(dependents.map(({ id, found }) => [locationKey(found.type, found.location ?? ''), id]));
  return new Map(
    dependents.flatMap(({ id, found, locations }) => {
      const named = (found.dependencies ?? []).map((names) => firstProvider(names, found, providers));
      const needs = locations?.map((location) => byLocation.get(locationKey(found.type, location))) ?? named;
      const ids = new Set(needs.filter((other) => other !== undefined && other !== id));
      return ids.size === 0 ? [] : [[id, [...ids].filter((other) => other !== undefined).sort(compareText)]];
    }),
  );
}

type Providers = ReadonlyMap<string, readonly Dependent[]>;

function providersByName(dependents: readonly Dependent[]): Providers {
  const providers = new Map<string, Dependent[]>();
  for (const dependent of dependents) {
    const { type, name, provides = [] } = dependent.found;
    for (const provided of [name, ...provides]) {
      const key = `${type}/${provided}`;
      const known = providers.get(key);
      if (known === undefined) providers.set(key, [dependent]);
      else known.push(dependent);
    }
  }
  return providers;
}

function firstProvider(names: readonly string[], by: CatalogedPackage, providers: Providers): string | undefined {
  for (const name of names) {
    const candidates = providers.get(`${by.type}/${name}`) ?? [];
    const best =
      candidates.find(({ found }) => isBeside(found, by) && found.name === name) ??
      candidates.find(({ found }) => isBeside(found, by)) ??
      candidates[0];
    if (best !== undefined) return best.id;
  }
  return undefined;
}

/** Of several installed packages that fit, one of the same architecture and in the same place is meant. */
function isBeside(found: CatalogedPackage, by: CatalogedPackage): boolean {
  const isFitting = found.architecture === by.architecture || found.architecture === 'all' || by.architecture === 'all';
  return isFitting && found.location === by.location;
}

function locationKey(type: string, location: ImagePath): string {
  return `${type}#${location}`;
}
