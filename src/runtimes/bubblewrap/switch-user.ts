import { execFileSync } from 'node:child_process';
import type { Account } from '../account.ts';
import { findTool } from '../tools.ts';

/** In the sandbox's own /dev: the image's files stay as they are. */
const folder = '/dev/.cinzel';

/*
 * bwrap cannot change the user without a namespace of users, in which there is one user only; so setpriv does it inside
 * the sandbox, before the image's program. The image has no setpriv, or none that can be trusted: this machine's is
 * mounted with its loader and libraries.
 */

/** Mounts what `switchUser` runs. */
export function identityMounts(): readonly string[] {
  const setpriv = findTool('setpriv', process.env);
  const listing = execFileSync(findTool('ldd', process.env), [setpriv], { encoding: 'utf8' });
  const libraries = listing.split('\n').flatMap((line) => {
    const [, path = ''] = /(\/\S+) \(0x/.exec(line) ?? [];
    return path === '' ? [] : [path];
  });
  const mount = (path: string, name: string): readonly string[] => ['--ro-bind', path, `${folder}/${name}`];
  const loader = libraries.find((path) => /\/ld[^/]*\.so[^/]*$/.test(path)) ?? '';
  return [
    '--dir',
    folder,
    ...mount(setpriv, 'setpriv'),
    ...mount(loader, 'loader'),
    ...libraries
      .filter((path) => path !== loader)
      .flatMap((path) => mount(path, path.slice(path.lastIndexOf('/') + 1))),
  ];
}

/** The words before a command that is to run as this account. */
export function switchUser({ uid, gid, groups }: Account): readonly string[] {
  const further = groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.join(',')];
  const identity = ['--reuid', String(uid), '--regid', String(gid), ...further, '--inh-caps=-all'];
  return [`${folder}/loader`, '--library-path', folder, `${folder}/setpriv`, ...identity, '--'];
}
