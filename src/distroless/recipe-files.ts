import { CinzelError } from '../core/errors.ts';
import { copyFiles } from './copy-files.ts';
import { type FileGroup, folder, type LayerFile, symlink, textFile } from './files.ts';
import { rootId } from './recipe/compile-runtime.ts';
import type { FileRequest, Owner, Recipe } from './recipe/model.ts';

/** The files that the recipes of a chain bring themselves: of ready ones a group each, of a user's one for all. */
export async function recipeFiles(recipe: Recipe): Promise<readonly FileGroup[]> {
  const groups: FileGroup[] = [];
  for (const { files, ready } of recipe.stages) {
    const made: FileGroup[] = [];
    for (const request of files) {
      const own = await makeFiles(request, recipe);
      made.push({ kind: ready ? 'system' : 'application', label: labelOf(request), files: own });
    }
    if (ready) groups.push(...made);
    else if (made.length > 0) groups.push({ ...applicationGroup, files: made.flatMap((group) => group.files) });
  }
  return groups;
}

const applicationGroup = { kind: 'application', label: 'application' } as const;

function labelOf({ to }: FileRequest): string {
  return to === '/' ? 'rootfs' : to.slice(1);
}

async function makeFiles(request: FileRequest, recipe: Recipe): Promise<readonly LayerFile[]> {
  const { users, groups, inherited } = recipe;
  const ids = ownerIds(request.owner, {
    users: [...users, ...(inherited?.users ?? [])],
    groups: [...groups, ...(inherited?.groups ?? [])],
  });
  const mode = 'mode' in request && request.mode !== undefined ? { mode: request.mode } : {};
  switch (request.kind) {
    case 'text':
      return [textFile(request.to, request.text, { ...ids, ...mode })];
    case 'symlink':
      return [symlink(request.to, request.target, ids)];
    case 'folder':
      return [folder(request.to, { ...ids, ...mode })];
    case 'copy':
      return copyFiles(request, ids);
  }
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** Numbers of an owner; names are those of the recipe's and of the image below. */
export function ownerIds(owner: Owner | undefined, { users, groups }: Pick<Recipe, 'users' | 'groups'>): Ids {
  if (owner === undefined) return { uid: 0, gid: 0 };
  const user = users.find(({ name, uid }) => name === owner.user || String(uid) === owner.user);
  const uid = user?.uid ?? numberOf(owner.user) ?? rootId(owner.user);
  if (uid === undefined) throw unknown('user', owner.user);
  if (owner.group === undefined) return { uid, gid: user?.gid ?? uid };
  const gid = groups.find(({ name }) => name === owner.group)?.gid ?? numberOf(owner.group) ?? rootId(owner.group);
  if (gid === undefined) throw unknown('group', owner.group);
  return { uid, gid };
}

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function unknown(kind: 'user' | 'group', name: string): CinzelError {
  return new CinzelError('usage.recipe-account', { kind, name });
}
