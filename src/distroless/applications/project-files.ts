import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApplicationFault } from '../../core/application-fault.ts';
import { CinzelError } from '../../core/errors.ts';
import { systemProblem } from '../../core/system-problem.ts';
import type { Project } from './application.ts';

/** What no image needs: the history, secrets of the developer, what builds images, and Cinzel's own files. */
const neverCopied: readonly string[] = [
  '**/.git',
  '**/.svn',
  '**/.DS_Store',
  '.env',
  '.env.*',
  '.npmrc',
  '.pypirc',
  '.dockerignore',
  '.gitignore',
  '.github',
  '.idea',
  '.vscode',
  'Dockerfile*',
  'docker-compose*',
  'compose*.y*ml',
  'cinzel.*',
  '.cinzel*',
];

export function ignoredPaths({ ignore }: Project, further: readonly string[] = []): string[] {
  return [...neverCopied, ...further, ...ignore];
}

/** A path of the project in the file system. */
export function placeOf({ folder, path }: Project, name = ''): string {
  return resolve(folder, path, name);
}

/** What is at a path of the project; undefined when nothing is. */
export async function statOf(project: Project, name = ''): Promise<Stats | undefined> {
  const path = placeOf(project, name);
  return stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  });
}

/** Throws `environment.not-found` when the project itself is not there. */
export async function requireProject(project: Project): Promise<Stats> {
  const stats = await statOf(project);
  if (stats === undefined) throw new CinzelError('environment.not-found', { what: placeOf(project) });
  return stats;
}

/** The content of a file of the project; undefined when there is none. */
export async function bytesOf(project: Project, name = ''): Promise<Buffer | undefined> {
  return (await statOf(project, name))?.isFile() === true ? readFile(placeOf(project, name)) : undefined;
}

export async function textOf(project: Project, name: string): Promise<string | undefined> {
  return (await bytesOf(project, name))?.toString('utf8');
}

/** Names in a folder of the project, sorted; none where there is no such folder. */
export async function namesIn(project: Project, name = ''): Promise<readonly string[]> {
  if ((await statOf(project, name))?.isDirectory() !== true) return [];
  return (await readdir(placeOf(project, name))).sort();
}

/** The file that is started: the one that the recipe names, else the first of the usual ones that is there. */
export async function mainOf(project: Project, usual: readonly string[]): Promise<string | undefined> {
  const tried = project.main === undefined ? usual : [project.main];
  for (const name of tried) if ((await statOf(project, name))?.isFile() === true) return name.replace(/^\.\//, '');
  if (project.hasCommand && project.main === undefined) return undefined;
  throw applicationFault({ kind: 'no-main', path: placeOf(project), tried });
}

export function applicationFault(fault: ApplicationFault): CinzelError<'usage.application'> {
  return new CinzelError('usage.application', { fault });
}
