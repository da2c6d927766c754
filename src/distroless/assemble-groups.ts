import type { Architecture } from './architectures.ts';
import type { FileGroup } from './files.ts';
import { groupGroup, homeGroup, passwdGroup } from './native/accounts.ts';
import { alternativesGroup } from './native/alternatives.ts';
import { busyboxGroup, busyboxUse } from './native/busybox.ts';
import { certificateGroup } from './native/certificates.ts';
import { javaKeystoreGroup } from './native/java-keystore.ts';
import { loaderCacheGroup } from './native/loader-cache/index.ts';
import { osReleaseGroup } from './native/os-release.ts';
import { phpModuleGroup } from './native/php-modules.ts';
import { type OpenedPackage, packageGroup, placedFiles } from './packages/package-files.ts';
import { readCertificates } from './read-certificates.ts';
import type { Recipe } from './recipe/model.ts';
import { recipeFiles } from './recipe-files.ts';
import { classFilter } from './selection/classes.ts';
import { type SelectedFiles, selectFiles } from './selection/select-files.ts';
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
  const { release, users, osRelease, inherited } = recipe;
  const [first = [], ...others] = recipe.stages.map((_, stage) =>
    packages.filter(({ locked }) => locked.stage === stage && !isCertificates({ locked })),
  );
  const keeps = classFilter(recipe.classes);
  const selections = new Map(recipe.stages.flatMap((stage) => stage.packages.map((one) => [one.name, one.selection])));
  const selected = (opened: OpenedPackage): SelectedFiles =>
    selectFiles(placedFiles(opened, release.mergedUsr), selections.get(opened.locked.name), keeps);
  const selectedGroup = (opened: OpenedPackage): FileGroup => {
    const { files: own, ...part } = selected(opened);
    return packageGroup(opened, own, part);
  };
  const certificates = (opened: OpenedPackage): FileGroup =>
    certificateGroup(opened, further, selections.get(opened.locked.name)?.keep && selected(opened));
  const group = (opened: OpenedPackage): FileGroup =>
    opened.locked.name === 'busybox-static' ? busyboxGroup(opened, busyboxUse(recipe)) : selectedGroup(opened);
  const files = await recipeFiles(recipe);
  const further = await readCertificates(recipe, packages.some(isCertificates));
  const isSystem = ({ kind }: FileGroup): boolean => kind === 'system';
  const before = [
    ...first.map(group),
    ...passwdGroup(users, inherited?.users),
    ...homeGroup(users),
    ...groupGroup(recipe.groups, inherited?.groups),
    ...files.filter(isSystem),
    ...osReleaseGroup(osRelease, release),
    ...packages.filter(isCertificates).map(certificates),
    ...others.flat().map(group),
  ];
  const groups = settleFiles([...before, ...files.filter((found) => !isSystem(found))], release.mergedUsr);
  const alternatives = alternativesGroup(groups, packages, release.mergedUsr);
  const made = [
    ...alternatives,
    ...javaKeystoreGroup(groups),
    ...phpModuleGroup(groups),
    ...(recipe.ldCache
      ? loaderCacheGroup([...groups, ...alternatives], {
          architecture: architecture.debian,
          libcVersion: libcVersion(packages),
        })
      : []),
  ];
  // Before the application, which may replace what is made, and changes more often.
  const isApplication = ({ kind }: FileGroup): boolean => kind === 'application';
  return [...groups.filter((found) => !isApplication(found)), ...made, ...groups.filter(isApplication)];
}

function libcVersion(packages: readonly OpenedPackage[]): string | undefined {
  return packages.find(({ locked }) => locked.source === 'glibc')?.locked.version;
}

function isCertificates({ locked }: Pick<OpenedPackage, 'locked'>): boolean {
  return locked.name === 'ca-certificates';
}
