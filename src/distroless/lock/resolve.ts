import { CinzelError } from '../../core/errors.ts';
import type { AptArchive, ArchivePackage } from '../../repositories/apt/archive.ts';
import type { Recipe, Stage } from '../recipe/model.ts';
import type { LockedArchitecture, LockedPackage } from './model.ts';

/** Resolves the packages of a recipe in an archive of one architecture. */
export function resolveArchitecture(recipe: Recipe, archive: AptArchive): LockedArchitecture {
  const packages: LockedPackage[] = [];
  for (const [index, stage] of recipe.stages.entries()) {
    packages.push(...resolveStage(stage, index, new Set(packages.map(({ name }) => name)), archive));
  }
  return {
    suites: archive.releases.map(({ suite, codename, origin, date, signature }) => ({
      suite: codename === '' ? suite : codename,
      origin,
      date,
      key: signature.fingerprint,
    })),
    packages,
  };
}

function resolveStage(
  { packages, followDependencies }: Stage,
  stage: number,
  known: ReadonlySet<string>,
  archive: AptArchive,
): readonly LockedPackage[] {
  if (followDependencies && packages.length > 0) {
    throw new CinzelError('usage.invalid', { problem: 'Dependencies cannot be followed yet.' });
  }
  return packages
    .filter(({ name }) => !known.has(name))
    .map(({ name, version }) => {
      const found = archive.versionsOf(name).find((one) => version === undefined || one.version === version);
      if (found === undefined) throw new CinzelError('environment.not-found', { what: `The package ${name}` });
      return lockedPackage(found, stage);
    });
}

function lockedPackage(found: ArchivePackage, stage: number): LockedPackage {
  const { name, version, architecture, source, sourceVersion, archive, suite, filename, size, sha256 } = found;
  return { name, version, architecture, source, sourceVersion, archive, suite, filename, size, sha256, stage };
}
