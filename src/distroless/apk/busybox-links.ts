import { type LayerFile, symlink } from '../files.ts';
import type { OpenedApkPackage } from './opened.ts';

/** Where the package lists the commands that its script links to the program, a path a line. */
const listPattern = /^etc\/busybox-paths\.d\/busybox$/;

/** What `busybox --install -s` makes in the package's script: a link for each command where no package has a file. */
export function busyboxLinks(packages: readonly OpenedApkPackage[]): readonly LayerFile[] {
  const busybox = packages.find(({ files }) => files.some(({ header }) => listPattern.test(header.name)));
  const binary = busybox?.files.find(({ header }) => /^(usr\/)?bin\/busybox$/.test(header.name));
  const list = busybox?.files.find(({ header }) => listPattern.test(header.name));
  if (binary === undefined || list === undefined) return [];
  const taken = new Set(packages.flatMap(({ files }) => files.map(({ header }) => header.name)));
  const paths = Buffer.from(list.content).toString('utf8').split('\n');
  return [...new Set(paths.map((path) => path.trim()))]
    .filter((path) => /^\/?[\w./[+-]+$/.test(path) && !path.split('/').includes('..'))
    .map((path) => path.replace(/^\/+/, ''))
    .filter((path) => path !== '' && !taken.has(path))
    .map((path) => symlink(`/${path}`, `/${binary.header.name}`));
}
