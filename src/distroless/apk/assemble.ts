import type { Architecture } from '../architectures.ts';
import { bytesFile, type FileGroup, textFile } from '../files.ts';
import { homeGroup } from '../native/accounts.ts';
import { loaderCacheGroup } from '../native/loader-cache/index.ts';
import { readCertificates } from '../read-certificates.ts';
import type { ApkChoice, Recipe } from '../recipe/model.ts';
import { recipeFiles } from '../recipe-files.ts';
import { classFilter } from '../selection/classes.ts';
import { selectFiles } from '../selection/select-files.ts';
import { settleFiles } from '../settle-files.ts';
import { apkAccounts } from './accounts.ts';
import { apkArchitecture } from './architecture.ts';
import { busyboxLinks } from './busybox-links.ts';
import { installedDatabase } from './installed-database.ts';
import type { OpenedApkPackage } from './opened.ts';
import { apkWorld } from './resolve.ts';
import { label, settleApks } from './settle.ts';

/** Everything that an image of Alpine or Wolfi shall hold: its packages, what their scripts would make, and the recipe's files. */
export async function assembleApkGroups(
  recipe: Recipe,
  opened: readonly OpenedApkPackage[],
  { apk, architecture }: { readonly apk: ApkChoice; readonly architecture: Architecture },
): Promise<readonly FileGroup[]> {
  const selections = new Map(recipe.stages.flatMap((stage) => stage.packages.map((one) => [one.name, one.selection])));
  const keeps = classFilter(recipe.classes);
  const packages = settleApks(opened).map((one) => ({
    ...one,
    files: selectFiles(one.files, selections.get(one.locked.name), keeps).files,
  }));
  const world = apkWorld(recipe)
    .toSorted()
    .map((line) => `${line}\n`);
  const links = busyboxLinks(packages);
  const system: readonly FileGroup[] = [
    { kind: 'system', label: 'accounts', files: apkAccounts(recipe, packages) },
    ...homeGroup(recipe.users),
    ...(links.length === 0 ? [] : [{ kind: 'system' as const, label: 'busybox', files: links }]),
    ...(await certificates(recipe, packages)),
    {
      kind: 'system',
      label: 'apk',
      files: [
        textFile('/etc/apk/arch', `${apkArchitecture(architecture)}\n`),
        textFile('/etc/apk/world', world.join('')),
        textFile(`/${databaseFolder(apk)}/installed`, installedDatabase(packages)),
      ],
    },
  ];
  const groups = settleFiles([...packages.map(packageGroup), ...system, ...(await recipeFiles(recipe))], false);
  return [...groups, ...loaderCache(recipe, groups, packages, architecture)].filter(({ files }) => files.length > 0);
}

/** Wolfi has everything below /usr. */
function databaseFolder({ distribution }: ApkChoice): string {
  return distribution === 'wolfi' ? 'usr/lib/apk/db' : 'lib/apk/db';
}

function packageGroup(one: OpenedApkPackage): FileGroup {
  return { kind: 'package', label: label(one), source: one.locked.origin, name: one.locked.name, files: one.files };
}

const bundlePath = 'etc/ssl/certs/ca-certificates.crt';

/** The bundle that a package brings, with the recipe's certificates after its own. */
async function certificates(recipe: Recipe, packages: readonly OpenedApkPackage[]): Promise<readonly FileGroup[]> {
  const bundle = packages.flatMap(({ files }) => files).find(({ header }) => header.name === bundlePath);
  const further = await readCertificates(recipe, bundle !== undefined);
  if (bundle === undefined || further.length === 0) return [];
  const parts = [bundle.content, ...further].flatMap((part) => [part, Buffer.from(part.at(-1) === 10 ? '' : '\n')]);
  return [{ kind: 'system', label: 'cacerts', files: [bytesFile(`/${bundlePath}`, Buffer.concat(parts))] }];
}

/** musl looks for libraries itself; the GNU loader has a cache where the recipe asks for it. */
function loaderCache(
  { ldCache }: Recipe,
  groups: readonly FileGroup[],
  packages: readonly OpenedApkPackage[],
  { debian: architecture }: Architecture,
): readonly FileGroup[] {
  const libc = packages.find(({ locked }) => locked.name === 'glibc')?.locked.version;
  return ldCache && libc !== undefined ? loaderCacheGroup(groups, { architecture, libcVersion: libc }) : [];
}
