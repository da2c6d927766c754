import type { Group, User } from './model.ts';
import type { RecipeDocument } from './schema.ts';

type WrittenUser = NonNullable<RecipeDocument['users']>[number];
type WrittenGroup = NonNullable<RecipeDocument['groups']>[number];

/**
 * The users and groups of a chain of recipes, of a name the last; a user without rights where none
 * is named, unless an image below has accounts.
 */
export function compileAccounts(
  documents: readonly RecipeDocument[],
  isOnImage: boolean,
): {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
} {
  const users = lastOfName(documents.flatMap((document) => document.users ?? []));
  const groups = lastOfName(documents.flatMap((document) => document.groups ?? []));
  return {
    users: (users.length === 0 && !isOnImage ? [{ name: 'nonroot', uid: 65_532, home: '/home/nonroot' }] : users).map(
      compileUser,
    ),
    groups: (groups.length === 0 && !isOnImage ? [{ name: 'nonroot', gid: 65_532 }] : groups).map(compileGroup),
  };
}

function lastOfName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

function compileUser({ name, uid, gid, home, shell, description }: WrittenUser): User {
  return {
    name,
    uid,
    gid: gid ?? uid,
    home: home ?? '/nonexistent',
    shell: shell ?? '/sbin/nologin',
    description: description ?? name,
  };
}

function compileGroup({ name, gid, members }: WrittenGroup): Group {
  return { name, gid, members: members ?? [] };
}
