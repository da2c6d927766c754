import { compareText } from '../../core/compare-text.ts';
import type { ApkIndex } from '../../repositories/apk/archive.ts';
import type { ApkPackage } from '../../repositories/apk/packages-index.ts';
import { parseApkRelation, words } from '../../repositories/apk/relation.ts';
import { solveApk } from '../../repositories/apk/solver/solve.ts';
import { type ApkSource, apkSource } from '../../repositories/apk/solver/universe.ts';
import type { Recipe } from '../recipe/model.ts';
import type { LockedApk, LockedApks } from './lock.ts';

/** What a recipe asks of apk, in the words of apk-world(5). */
export function apkWorld({ stages, apk }: Pick<Recipe, 'stages' | 'apk'>): readonly string[] {
  const listed = stages.flatMap(({ packages }) =>
    packages.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`)),
  );
  return [...listed, ...(apk?.world ?? [])];
}

/** Resolves the packages of a recipe in the indexes of one architecture. */
export function resolveApks(recipe: Recipe, indexes: readonly ApkIndex[], architecture: string): LockedApks {
  const source = apkSource(
    indexes.flatMap(({ packages }) => packages),
    architecture,
  );
  const without = new Set(recipe.stages.flatMap((stage) => stage.without));
  const solved = solveApk(apkWorld(recipe), source, { without });
  const wantedBy = new Map(solved.map((one) => [one.package, one.wantedBy]));
  return {
    repositories: indexes.map(({ repository, description, key }) => ({
      repository: repository.label,
      description,
      key: key.fingerprint,
      keyName: key.name,
    })),
    packages: installOrder([...wantedBy.keys()], source)
      .filter(({ name }) => !without.has(name))
      .map((found) => lockedApk(found, wantedBy.get(found), architecture)),
  };
}

/** What others need first, else by name: so that of two packages that bring one path the same is always the later. */
function installOrder(chosen: readonly ApkPackage[], source: ApkSource): readonly ApkPackage[] {
  const ordered: ApkPackage[] = [];
  const seen = new Set<ApkPackage>();
  const visit = (found: ApkPackage): void => {
    if (seen.has(found)) return;
    seen.add(found);
    const needs = words(found.depends).flatMap((text) => parseApkRelation(text) ?? []);
    for (const { name, isConflict } of needs) {
      if (isConflict) continue;
      for (const { package: needed } of source.offersOf(name)) if (chosen.includes(needed)) visit(needed);
    }
    ordered.push(found);
  };
  for (const found of chosen.toSorted((a, b) => compareText(a.name, b.name))) visit(found);
  return ordered;
}

function lockedApk(found: ApkPackage, wantedBy: string | undefined, architecture: string): LockedApk {
  const { name, version, origin, repository, size, checksum } = found;
  return {
    name,
    version,
    architecture: found.architecture || architecture,
    origin,
    repository: repository.label,
    filename: `${architecture}/${name}-${version}.apk`,
    size,
    checksum,
    ...(wantedBy === undefined ? {} : { wantedBy }),
  };
}
