import type { Architecture } from './architectures.ts';
import type { FileGroup } from './files.ts';
import { groupGroup, homeGroup, passwdGroup } from './native/accounts.ts';
import { certificateGroup } from './native/certificates.ts';
import { loaderCacheGroup } from './native/loader-cache/index.ts';
import { osReleaseGroup } from './native/os-release.ts';
import { type OpenedPackage, packageGroup, placedFiles } from './packages/package-files.ts';
import type { Recipe } from './recipe/model.ts';
import { recipeFiles } from './recipe-files.ts';
import { settleFiles } from './settle-files.ts';

/**
 * Everything that an image shall hold, in the order in which it is laid: the packages of the first recipe of the
 * chain, what belongs to the system, the packages of the others, what needs all of them, and the application.
 */
export async function assembleGroups(
  recipe: Recipe,
  packages: readonly OpenedPackage[],
  architecture: Architecture,
): Promise<readonly FileGroup[]> {
  const { release, users, osRelease } = recipe;
  const [first = [], ...others] = recipe.stages.map((_, stage) =>
    packages.filter(({ locked }) => locked.stage === stage && !isCertificates({ locked })),
  );
  const group = (opened: OpenedPackage): FileGroup => packageGroup(opened, placedFiles(opened, release.mergedUsr));
  const files = await recipeFiles(recipe);
  const isSystem = ({ kind }: FileGroup): boolean => kind === 'system';
  const before = [
    ...first.map(group),
    ...passwdGroup(users),
    ...homeGroup(users),
    ...groupGroup(recipe.groups),
    ...files.filter(isSystem),
    ...osReleaseGroup(osRelease, release),
    ...packages.filter(isCertificates).map(certificateGroup),
    ...others.flat().map(group),
  ];
  const groups = settleFiles([...before, ...files.filter((found) => !isSystem(found))], release.mergedUsr);
  return recipe.ldCache ? withLoaderCache(groups, packages, architecture) : groups;
}

/** Before the application, which changes more often. */
function withLoaderCache(
  groups: readonly FileGroup[],
  packages: readonly OpenedPackage[],
  { debian }: Architecture,
): readonly FileGroup[] {
  const libcVersion = packages.find(({ locked }) => locked.source === 'glibc')?.locked.version;
  const own = groups.filter(({ kind }) => kind === 'application');
  const others = groups.filter(({ kind }) => kind !== 'application');
  return [...others, ...loaderCacheGroup(groups, { architecture: debian, libcVersion }), ...own];
}

function isCertificates({ locked }: Pick<OpenedPackage, 'locked'>): boolean {
  return locked.name === 'ca-certificates';
}
