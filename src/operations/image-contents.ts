import type { Architecture } from '../distroless/architectures.ts';
import { assembleGroups } from '../distroless/assemble-groups.ts';
import { grantCapabilities } from '../distroless/file-capabilities.ts';
import type { FileGroup } from '../distroless/files.ts';
import type { Lock } from '../distroless/lock/model.ts';
import { unhandledScripts } from '../distroless/native/unhandled-scripts.ts';
import { openPackages } from '../distroless/packages/open-packages.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { obtainPackage } from './obtain-package.ts';
import { recipeMirrors } from './recipe-mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** What an image of one architecture holds. */
export interface ImageContents {
  readonly groups: readonly FileGroup[];
  /** How many. */
  readonly packages: number;
  /** Packages with scripts of which nobody knows whether the image needs what they would have done. */
  readonly unhandled: readonly string[];
}

/** Obtains the packages of a lock and lays out what they bring, with the recipe's own files. */
export async function imageContents(
  recipe: Recipe,
  lock: Lock,
  architecture: Architecture,
  toolbox: Toolbox,
): Promise<ImageContents> {
  const locked = lock.architectures[architecture.name] ?? { packages: [], suites: [] };
  if (recipe.apk !== undefined && locked.apk !== undefined) {
    const { apkContents } = await import('./apk-archive.ts');
    const chosen = { apk: recipe.apk, locked: locked.apk, architecture };
    const { groups, ...rest } = await apkContents(recipe, chosen, toolbox);
    return {
      packages: locked.apk.packages.length,
      ...rest,
      groups: grantCapabilities(groups, recipe.capabilities),
    };
  }
  const mirrors = recipeMirrors(recipe, toolbox);
  const packages = await openPackages(locked.packages, {
    cache: await toolbox.cache(),
    obtain: (wanted) => {
      const published = locked.suites.find(({ suite }) => suite === wanted.suite)?.date;
      return obtainPackage({ ...wanted, ...(published === undefined ? {} : { published }) }, mirrors, toolbox);
    },
  });
  const groups = await assembleGroups(recipe, packages, architecture);
  return {
    groups: grantCapabilities(groups, recipe.capabilities),
    packages: packages.length,
    unhandled: unhandledScripts(packages, groups),
  };
}
