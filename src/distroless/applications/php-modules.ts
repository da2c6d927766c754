import type { ApplicationFault } from '../../core/application-fault.ts';
import type { ImageTree } from '../image-tree.ts';

/** Modules that are part of Debian's program itself: what `php -n -m` prints. */
const builtIn = new Set(
  'core date filter hash json libxml openssl pcntl pcre random reflection session sodium spl standard zlib'.split(' '),
);

/** Modules of PHP that an application requires and that the image does not enable. */
export function moduleFaults(path: string, names: readonly string[], tree: ImageTree): readonly ApplicationFault[] {
  const [version] = tree.list('/etc/php');
  const enabled = tree
    .list(`/etc/php/${version}/cli/conf.d`)
    .map((file) => file.replace(/^\d+-|\.ini$/g, '').toLowerCase());
  const missing = names.filter((name) => {
    const plain = name.toLowerCase().replace(/^zend-/, '');
    return !builtIn.has(plain) && !enabled.includes(plain);
  });
  if (missing.length === 0) return [];
  const command = `packages: [${missing.map((name) => `php${version}-${name}`).join(', ')}]`;
  return [{ kind: 'not-installed', path, missing: missing.map((name) => `ext-${name}`), command }];
}
