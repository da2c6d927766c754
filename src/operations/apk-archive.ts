import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';
import { apkArchitecture } from '../distroless/apk/architecture.ts';
import { assembleApkGroups } from '../distroless/apk/assemble.ts';
import type { LockedApk, LockedApks } from '../distroless/apk/lock.ts';
import { openApks } from '../distroless/apk/opened.ts';
import { resolveApks } from '../distroless/apk/resolve.ts';
import { unhandledApkScripts } from '../distroless/apk/unhandled-scripts.ts';
import type { Architecture } from '../distroless/architectures.ts';
import type { FileGroup } from '../distroless/files.ts';
import type { ApkChoice, Recipe } from '../distroless/recipe/model.ts';
import { openApkArchive } from '../repositories/apk/archive.ts';
import { downloadApk } from '../repositories/apk/download.ts';
import { type ApkKey, readApkKey } from '../repositories/apk/keys.ts';
import type { Toolbox } from './toolbox.ts';

/** Resolves a recipe of Alpine or Wolfi in its repositories, whose indexes must be signed by the recipe's keys. */
export async function lockApks(
  recipe: Recipe,
  apk: ApkChoice,
  architecture: Architecture,
  toolbox: Toolbox,
): Promise<LockedApks> {
  const { signal } = toolbox.context;
  const name = apkArchitecture(architecture);
  const indexes = await openApkArchive({
    repositories: apk.repositories,
    architecture: name,
    keys: await readKeys(recipe),
    io: { http: await toolbox.http(), signal },
  });
  return resolveApks(recipe, indexes, name);
}

async function readKeys({ keyFiles }: Recipe): Promise<readonly ApkKey[]> {
  return Promise.all(
    keyFiles.map(async (file) => {
      const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
        throw new CinzelError('environment.read', { path: file, problem: systemProblem(cause) }, { cause });
      });
      return readApkKey(bytes, basename(file));
    }),
  );
}

/** What an image of Alpine or Wolfi holds, and whose scripts nobody knows. */
export async function apkContents(
  recipe: Recipe,
  {
    apk,
    locked,
    architecture,
  }: { readonly apk: ApkChoice; readonly locked: LockedApks; readonly architecture: Architecture },
  toolbox: Toolbox,
): Promise<{ readonly groups: readonly FileGroup[]; readonly unhandled: readonly string[] }> {
  const download = {
    repositories: apk.repositories,
    http: await toolbox.http(),
    cache: await toolbox.cache(),
    context: toolbox.context,
  };
  const obtain = ({ repository, ...one }: LockedApk): Promise<Buffer> =>
    downloadApk({ ...one, archive: repository }, download);
  const packages = await openApks(locked.packages, obtain);
  return {
    groups: await assembleApkGroups(recipe, packages, { apk, architecture }),
    unhandled: unhandledApkScripts(packages),
  };
}
