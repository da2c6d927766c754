import picomatch from 'picomatch';
import type { ImageTree } from '../../image-tree.ts';

const configuration = '/etc/ld.so.conf';
const includeDepth = 8;

/**
 * The folders that `ldconfig` searches, in its order and each once: those of ld.so.conf and what it includes, then the
 * built-in ones of Debian (ldconfig(8); debian/patches of glibc, multiarch).
 */
export function libraryFolders(tree: ImageTree, triplet: string): readonly string[] {
  const builtIn = [`/lib/${triplet}`, `/usr/lib/${triplet}`, '/lib', '/usr/lib'];
  const seen = new Set<string>();
  return [...configured(configuration, tree, 0), ...builtIn].filter((folder) => {
    const real = tree.resolve(folder);
    if (real === undefined || seen.has(real)) return false;
    seen.add(real);
    return true;
  });
}

function configured(path: string, tree: ImageTree, depth: number): readonly string[] {
  const content = tree.read(path);
  if (content === undefined || depth > includeDepth) return [];
  const lines = Buffer.from(content).toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const text = line.replace(/#.*/, '').trim();
    const [, pattern] = /^include\s+(.+)$/.exec(text) ?? [];
    if (pattern !== undefined) return pattern.split(/\s+/).flatMap((glob) => included(glob, tree, depth + 1));
    return text.startsWith('/') ? [text.replace(/\/+$/, '')] : [];
  });
}

function included(glob: string, tree: ImageTree, depth: number): readonly string[] {
  const absolute = glob.startsWith('/') ? glob : `/etc/${glob}`;
  const folder = absolute.slice(0, absolute.lastIndexOf('/'));
  const matches = picomatch(absolute);
  return tree
    .list(folder)
    .map((name) => `${folder}/${name}`)
    .filter((path) => matches(path))
    .flatMap((path) => configured(path, tree, depth));
}
