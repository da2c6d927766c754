/** Numbers of whom a program runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** Further groups. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** The files of an image that name its users and groups; empty where it has none. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
}

/**
 * Whom `USER[:GROUP]` of an image configuration means, names or numbers, as container engines understand it. Undefined
 * when a name is not among the image's accounts.
 */
export function findAccount(user: string | undefined, { passwd, group }: AccountFiles): Account | undefined {
  const [name = '', groupName] = (user ?? '0').split(':');
  const users = rows(passwd);
  const groups = rows(group);
  const row = find(users, name === '' ? '0' : name);
  const uid = row === undefined ? number(name) : number(row[2]);
  if (uid === undefined) return undefined;
  const groupRow = groupName === undefined ? undefined : find(groups, groupName);
  const gid = groupName === undefined ? (number(row?.[3]) ?? 0) : (number(groupRow?.[2]) ?? number(groupName));
  if (gid === undefined) return undefined;
  const member = row?.[0];
  const further = groupName !== undefined || member === undefined ? [] : groups.filter((one) => has(one, member));
  return { uid, gid, groups: further.flatMap((one) => number(one[2]) ?? []), home: row?.[5] || '/' };
}

function rows(text: string): readonly (readonly string[])[] {
  return text.split('\n').flatMap((line) => (line.includes(':') ? [line.split(':')] : []));
}

/** By name first: a name may be made of digits. */
function find(table: readonly (readonly string[])[], name: string): readonly string[] | undefined {
  return table.find(([first]) => first === name) ?? table.find(([, , id]) => id === name);
}

function has([, , , members = '']: readonly string[], name: string): boolean {
  return members.split(',').includes(name);
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
