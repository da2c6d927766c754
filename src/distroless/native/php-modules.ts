import type { FileGroup } from '../files.ts';
import { bytesFile, symlink } from '../files.ts';
import { imageTree } from '../image-tree.ts';

/** What a module says of its place in the order, and what it is without a word (php-common, phpenmod(8)). */
const priorityLine = /^;\s*priority=(\d+)/m;
const defaultPriority = '20';

/**
 * What the scripts of Debian's PHP packages do: each module's settings under etc/php/VERSION/mods-available, a link that
 * enables it for the command line, and the php.ini that the package recommends.
 */
export function phpModuleGroup(groups: readonly FileGroup[]): readonly FileGroup[] {
  const tree = imageTree(groups);
  const versions = tree.list('/usr/lib/php').filter((name) => tree.read(`/usr/lib/php/${name}/sapi/cli`) !== undefined);
  const files = versions.flatMap((version) => {
    const folder = `/etc/php/${version}`;
    const modules = groups.flatMap((group) => group.files).filter(({ header }) => isModule(header.name, version));
    const enabled = modules.flatMap(({ header, content }) => {
      const name = header.name.slice(header.name.lastIndexOf('/') + 1);
      const priority = priorityLine.exec(Buffer.from(content).toString('utf8'))?.[1] ?? defaultPriority;
      const available = `${folder}/mods-available/${name}`;
      return [bytesFile(available, content), symlink(`${folder}/cli/conf.d/${priority}-${name}`, available)];
    });
    const ini = tree.read(`/usr/lib/php/${version}/php.ini-production.cli`);
    return [...enabled, ...(ini === undefined ? [] : [bytesFile(`${folder}/cli/php.ini`, ini)])];
  });
  return files.length === 0 ? [] : [{ kind: 'system', label: 'php modules', files }];
}

function isModule(path: string, version: string): boolean {
  const [folder = '', inner, name = ''] = path.replace('usr/share/', '').split('/');
  return path.startsWith(`usr/share/php${version}-`) && folder !== '' && inner !== undefined && name.endsWith('.ini');
}
