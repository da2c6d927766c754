import { compareText } from '../../core/compare-text.ts';
import { CinzelError } from '../../core/errors.ts';
import { parseRelations } from '../../formats/debian-relations.ts';
import type { AptArchive, ArchivePackage } from '../../repositories/apt/archive.ts';
import type { PackageSource } from '../../repositories/apt/solver/solvable.ts';
import { type Solved, solve } from '../../repositories/apt/solver/solve.ts';
import type { BaseImage } from '../base/model.ts';
import { scriptOnly } from '../native/script-only.ts';
import type { PackageRequest, Recipe, Stage } from '../recipe/model.ts';
import type { LockedArchitecture, LockedPackage } from './model.ts';

/**
 * Resolves the packages of a recipe in an archive of one architecture. What a recipe of the chain lists without its
 * dependencies counts for the others as being there, with nothing more to be asked for; so does what an image below has.
 */
export function resolveArchitecture(
  recipe: Recipe,
  archive: AptArchive,
  architecture: string,
  base?: BaseImage,
): LockedArchitecture {
  const requested = new Map(recipe.stages.flatMap(({ packages }) => packages.map((one) => [one.name, one] as const)));
  const wanted: Stage[] = recipe.stages.map((stage) => ({
    ...stage,
    // A version that a later recipe asks for is the one that an earlier one gets.
    packages: stage.packages.map((one) => requested.get(one.name) ?? one),
  }));
  const below = new Map((base?.packages ?? []).map((found) => [found.name, { found, stage: -1 }] as const));
  const chosen = new Map<string, ChosenPackage>(below);
  const source = base === undefined ? archive : withInstalled(archive, base.packages);
  for (const [index, stage] of wanted.entries()) {
    for (const one of resolveStage(stage, index, { chosen, archive: source, architecture }))
      chosen.set(one.found.name, one);
  }
  return {
    ...(base === undefined ? {} : { from: base.digest }),
    suites: archive.releases.map(({ suite, codename, origin, date, signature }) => ({
      suite: codename === '' ? suite : codename,
      origin,
      date,
      key: signature.fingerprint,
    })),
    packages: [...chosen.values()].filter(({ stage }) => stage >= 0).map(lockedPackage),
  };
}

interface ChosenPackage {
  readonly found: ArchivePackage;
  readonly stage: number;
  readonly wantedBy?: string;
}

interface Resolution {
  /** By name, what the recipes before this one brought. */
  readonly chosen: ReadonlyMap<string, ChosenPackage>;
  readonly archive: PackageSource<ArchivePackage>;
  readonly architecture: string;
}

function resolveStage(stage: Stage, index: number, resolution: Resolution): readonly ChosenPackage[] {
  const { chosen, archive } = resolution;
  const fresh = stage.packages.filter(({ name }) => !chosen.has(name));
  for (const wanted of stage.packages) checkInstalled(wanted, chosen.get(wanted.name));
  if (fresh.length === 0) return [];
  if (stage.followDependencies) {
    const names = fresh.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`));
    return followed({ names, without: without(stage), index }, resolution);
  }
  return fresh.map(({ name, version }) => {
    const found = archive.versionsOf(name).find((one) => version === undefined || one.version === version);
    if (found === undefined) {
      const what = { kind: 'package', name, ...(version === undefined ? {} : { version }) } as const;
      throw new CinzelError('environment.not-found', { what });
    }
    return { found, stage: index };
  });
}

/** What the image below has stays as it is: its layers are not changed. */
function checkInstalled({ name, version }: PackageRequest, known: ChosenPackage | undefined): void {
  if (known === undefined || known.stage >= 0 || version === undefined || version === known.found.version) return;
  const problem = { kind: 'other-version', name, found: known.found.version, wanted: version } as const;
  throw new CinzelError('usage.base-image', { image: 'from', problem });
}

interface Demand {
  readonly names: readonly string[];
  readonly without: ReadonlySet<string>;
  readonly index: number;
}

/** What a recipe leaves out, and what only scripts would use, unless it asks for it. */
function without({ without: own, packages }: Stage): ReadonlySet<string> {
  const listed = packages.map(({ name }) => name);
  return new Set([...own, ...scriptOnly.filter((name) => !listed.includes(name))]);
}

function followed(demand: Demand, { chosen, archive, architecture }: Resolution): readonly ChosenPackage[] {
  const { names, index: stage } = demand;
  const before = [...chosen.values()].map(({ found }) => `${found.name}=${found.version}`);
  const source = withSettled(
    archive,
    (found) => chosen.get(found.name)?.found === found || demand.without.has(found.name),
  );
  const solved = solve([...before, ...names], source, { architecture });
  const added = solved.filter((one) => !chosen.has(one.package.name) && !demand.without.has(one.package.name));
  const asked = (one: Solved<ArchivePackage>): number =>
    names.findIndex((name) => name.split('=')[0] === one.package.name);
  return added
    .toSorted((a, b) => rank(asked(a)) - rank(asked(b)) || compareText(a.package.name, b.package.name))
    .map((one) => ({
      found: one.package,
      stage,
      ...(asked(one) >= 0 || one.wantedBy === undefined ? {} : { wantedBy: one.wantedBy }),
    }));
}

function rank(index: number): number {
  return index < 0 ? Number.MAX_SAFE_INTEGER : index;
}

/** The archive, in which packages that are settled need nothing. */
function withSettled(
  archive: PackageSource<ArchivePackage>,
  isSettled: (found: ArchivePackage) => boolean,
): PackageSource<ArchivePackage> {
  const settled = (found: ArchivePackage): ArchivePackage => (isSettled(found) ? quiet(found) : found);
  const quietly = new Map<ArchivePackage, ArchivePackage>();
  function quiet(found: ArchivePackage): ArchivePackage {
    const known = quietly.get(found) ?? { ...found, depends: '', preDepends: '', conflicts: '', breaks: '' };
    quietly.set(found, known);
    return known;
  }
  return {
    versionsOf: (name) => archive.versionsOf(name).map(settled),
    providersOf: (name) => archive.providersOf(name).map(settled),
    rankOf: archive.rankOf,
  };
}

/** The archive, in which what is installed is all that there is of it. */
function withInstalled(archive: AptArchive, installed: readonly ArchivePackage[]): PackageSource<ArchivePackage> {
  const byName = new Map(installed.map((one) => [one.name, one]));
  const provided = (name: string): readonly ArchivePackage[] =>
    installed.filter(({ provides }) =>
      parseRelations(provides)
        .flat()
        .some((relation) => relation.name === name),
    );
  return {
    versionsOf: (name) => {
      const own = byName.get(name);
      return own === undefined ? archive.versionsOf(name) : [own];
    },
    providersOf: (name) => [...provided(name), ...archive.providersOf(name).filter((one) => !byName.has(one.name))],
    rankOf: archive.rankOf,
  };
}

function lockedPackage({ found, stage, wantedBy }: ChosenPackage): LockedPackage {
  const { name, version, architecture, source, sourceVersion, archive, suite, filename, size, sha256 } = found;
  return {
    name,
    version,
    architecture,
    source,
    sourceVersion,
    archive,
    suite,
    filename,
    size,
    sha256,
    stage,
    ...(wantedBy === undefined ? {} : { wantedBy }),
  };
}
