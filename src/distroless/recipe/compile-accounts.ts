import type { Group, User } from './model.ts';
import type { RecipeDocument } from './schema.ts';

type WrittenUser = NonNullable<RecipeDocument['users']>[number];
type WrittenGroup = NonNullable<RecipeDocument['groups']>[number];

/**
 * The users and groups of a chain of recipes, of a name the last; a user without rights where no recipe speaks of any,
 * unless an image below has accounts. An empty list says that there are none.
 */
export function compileAccounts(
  documents: readonly RecipeDocument[],
  isOnImage: boolean,
): {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
} {
  const users = listed(documents, 'users') ?? (isOnImage ? [] : [nonroot.user]);
  const groups = listed(documents, 'groups') ?? (isOnImage ? [] : [nonroot.group]);
  return { users: lastOfName(users).map(compileUser), groups: lastOfName(groups).map(compileGroup) };
}

const nonroot = {
  user: { name: 'nonroot', uid: 65_532, home: '/home/nonroot' },
  group: { name: 'nonroot', gid: 65_532 },
};

/** What all recipes list; undefined when none says anything. */
function listed<Key extends 'users' | 'groups'>(
  documents: readonly RecipeDocument[],
  key: Key,
): NonNullable<RecipeDocument[Key]> | undefined {
  const lists = documents.flatMap((document) => (document[key] === undefined ? [] : [document[key]]));
  return lists.length === 0 ? undefined : (lists.flat() as NonNullable<RecipeDocument[Key]>);
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
