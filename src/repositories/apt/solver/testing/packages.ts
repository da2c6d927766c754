import { parseRelations } from '../../../../formats/debian-relations.ts';
import { versionSchemes } from '../../../../versions/index.ts';
import type { PackageSource, Solvable } from '../solvable.ts';

/** Packages of a test by `name version`, each with the fields that matter. */
export type Described = Readonly<Record<string, Partial<Omit<Solvable, 'name' | 'version'>>>>;

export function packagesOf(described: Described): readonly Solvable[] {
  return Object.entries(described).map(([key, fields]) => {
    const [name = '', version = '1'] = key.split(' ');
    return { ...plain, name, version, ...fields };
  });
}

const plain = {
  architecture: 'amd64',
  preDepends: '',
  depends: '',
  conflicts: '',
  breaks: '',
  provides: '',
  multiArch: '',
  essential: false,
  important: false,
  priority: 'optional',
  suite: 'stable',
};

/** The newest version is wanted first; names rank in the order in which the packages are written. */
export function sourceOf(packages: readonly Solvable[]): PackageSource<Solvable> {
  const byName = new Map<string, Solvable[]>();
  const byProvided = new Map<string, Solvable[]>();
  for (const found of packages.toSorted((a, b) => versionSchemes.deb.compare(b.version, a.version))) {
    add(byName, found.name, found);
    for (const { name } of parseRelations(found.provides).flat()) add(byProvided, name, found);
  }
  const ranks = new Map([...new Set(packages.map(({ name }) => name))].map((name, rank) => [name, rank]));
  return {
    versionsOf: (name) => byName.get(name) ?? [],
    providersOf: (name) => byProvided.get(name) ?? [],
    rankOf: (name) => ranks.get(name) ?? ranks.size,
  };
}

function add(map: Map<string, Solvable[]>, key: string, found: Solvable): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [found]);
  else known.push(found);
}
