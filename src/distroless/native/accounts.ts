import type { FileGroup } from '../files.ts';
import { folder, textFile } from '../files.ts';
import type { Group, User } from '../recipe/model.ts';

/**
 * etc/passwd (passwd(5)); passwords are locked, and there is no shadow file that could hold one. What is
 * below stays, before the recipe's own.
 */
export function passwdGroup(users: readonly User[], below: readonly User[] = []): readonly FileGroup[] {
  if (users.length === 0) return [];
  const lines = [...below, ...users].map(({ name, uid, gid, home, shell, description }) =>
    [name, 'x', uid, gid, description, home, shell].join(':'),
  );
  return [system('passwd', [textFile('/etc/passwd', lines.map(line).join(''))])];
}

/** etc/group (group(5)). */
export function groupGroup(groups: readonly Group[], below: readonly Group[] = []): readonly FileGroup[] {
  if (groups.length === 0) return [];
  const lines = [...below, ...groups].map(({ name, gid, members }) => [name, 'x', gid, members.join(',')].join(':'));
  return [system('group', [textFile('/etc/group', lines.map(line).join(''))])];
}

/** The home folders, each open to its user alone. A home that shall not exist is under /nonexistent. */
export function homeGroup(users: readonly User[]): readonly FileGroup[] {
  const homes = users.filter(({ home }) => home !== '/' && !home.startsWith('/nonexistent'));
  if (homes.length === 0) return [];
  const shared = homes.some(({ home }) => home.startsWith('/home/')) ? [folder('/home')] : [];
  return [system('home', [...shared, ...homes.map(({ home, uid, gid }) => folder(home, { mode: 0o700, uid, gid }))])];
}

function line(text: string): string {
  return `${text}\n`;
}

function system(label: string, files: FileGroup['files']): FileGroup {
  return { kind: 'system', label, files };
}
