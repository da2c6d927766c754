import { baseName, type ImagePath } from '../core/path.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import type { AttackSurface } from './model.ts';

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'csh', 'tcsh', 'fish', 'busybox', 'toybox']);
const packageManagers = new Set([
  'apt',
  'apt-get',
  'dpkg',
  'apk',
  'rpm',
  'dnf',
  'microdnf',
  'yum',
  'zypper',
  'pacman',
  'tdnf',
  'npm',
  'yarn',
  'pnpm',
  'pip',
  'pip3',
  'gem',
  'composer',
]);
const downloaders = new Set([
  'curl',
  'wget',
  'fetch',
  'aria2c',
  'ftp',
  'tftp',
  'scp',
  'sftp',
  'rsync',
  'nc',
  'ncat',
  'netcat',
  'socat',
  'telnet',
  'ssh',
  'git',
]);

const programFolders = /^\/(?:usr\/(?:local\/)?)?s?bin\//;
const setuidBits = 0o6000;

/** Counts what an attacker finds in an image besides its application. Programs are those in the usual folders. */
export function attackSurface(filesystem: Filesystem): AttackSurface {
  const found = {
    shells: [] as ImagePath[],
    packageManagers: [] as ImagePath[],
    downloaders: [] as ImagePath[],
    setuid: [] as ImagePath[],
  };
  let executables = 0;
  let files = 0;
  for (const entry of filesystem.entries()) {
    const program = programFolders.test(entry.path) && leadsToProgram(entry, filesystem);
    const name = baseName(entry.path);
    if (program && shells.has(name)) found.shells.push(entry.path);
    if (program && packageManagers.has(name)) found.packageManagers.push(entry.path);
    if (program && downloaders.has(name)) found.downloaders.push(entry.path);
    if (entry.type !== 'file' && entry.type !== 'hardlink') continue;
    files++;
    if ((entry.mode & 0o111) === 0) continue;
    executables++;
    if ((entry.mode & setuidBits) !== 0) found.setuid.push(entry.path);
  }
  return { ...found, executables, files };
}

function leadsToProgram(entry: FileEntry, filesystem: Filesystem): boolean {
  const target = entry.type === 'symlink' ? filesystem.resolve(entry.path) : entry;
  return (target?.type === 'file' || target?.type === 'hardlink') && (target.mode & 0o111) !== 0;
}
