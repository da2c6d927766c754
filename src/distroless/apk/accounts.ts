import { type LayerFile, textFile } from '../files.ts';
import type { Recipe } from '../recipe/model.ts';
import type { OpenedApkPackage } from './opened.ts';

/** etc/passwd and etc/group with the recipe's own besides those that packages bring; of a name the recipe's. */
export function apkAccounts(
  { users, groups }: Pick<Recipe, 'users' | 'groups'>,
  packages: readonly OpenedApkPackage[],
): readonly LayerFile[] {
  const passwd = users.map(({ name, uid, gid, description, home, shell }) =>
    [name, 'x', uid, gid, description, home, shell].join(':'),
  );
  const group = groups.map(({ name, gid, members }) => [name, 'x', gid, members.join(',')].join(':'));
  return [...withLines('etc/passwd', passwd, packages), ...withLines('etc/group', group, packages)];
}

function withLines(
  path: string,
  lines: readonly string[],
  packages: readonly OpenedApkPackage[],
): readonly LayerFile[] {
  if (lines.length === 0) return [];
  const brought = packages.flatMap(({ files }) => files).find(({ header }) => header.name === path);
  const names = new Set(lines.map(nameOf));
  const kept = Buffer.from(brought?.content ?? '')
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !names.has(nameOf(line)));
  return [textFile(`/${path}`, [...kept, ...lines].map((line) => `${line}\n`).join(''))];
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':'));
}
