import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { ElfFile } from '../../formats/elf/model.ts';
import { readLoaderCache } from '../../formats/ld-so-cache.ts';
import { compilePattern } from '../glob.ts';
import type { ImageTree } from '../image-tree.ts';

/** e_machine and Debian's name for its folders (multiarch tuples), little endian unless said otherwise. */
const tuples: Readonly<Record<number, string>> = {
  3: 'i386-linux-gnu',
  21: 'powerpc64le-linux-gnu',
  22: 's390x-linux-gnu',
  40: 'arm-linux-gnueabihf',
  62: 'x86_64-linux-gnu',
  183: 'aarch64-linux-gnu',
  243: 'riscv64-linux-gnu',
  258: 'loongarch64-linux-gnu',
};

/** The part after `ld-musl-` in the loader's name. */
const muslNames: Readonly<Record<number, string>> = {
  3: 'i386',
  21: 'powerpc64le',
  22: 's390x',
  40: 'armhf',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv64',
  258: 'loongarch64',
};

/** The folders that a distribution's glibc searches without being told. */
export function glibcFolders({ machine, bits }: ElfFile): readonly ImagePath[] {
  const tuple = tuples[machine];
  const multiarch = tuple === undefined ? [] : [`/lib/${tuple}`, `/usr/lib/${tuple}`];
  return [...multiarch, ...(bits === 64 ? ['/lib64', '/usr/lib64'] : []), '/lib', '/usr/lib'];
}

/** The folders of musl's loader: from its path file, else three that are built in (musl, `ldso/dynlink.c`). */
export async function muslFolders({ machine }: ElfFile, tree: ImageTree): Promise<readonly ImagePath[]> {
  const text = await tree.readText(`/etc/ld-musl-${muslNames[machine] ?? ''}.path`);
  const folders = text?.split(/[:\n]/).filter((folder) => folder.startsWith('/')) ?? [];
  return folders.length > 0 ? folders : ['/lib', '/usr/local/lib', '/usr/lib'];
}

/** `$ORIGIN`, `$LIB` and `$PLATFORM` in a search path, ld.so(8); `$LIB` has two values, as distributions differ. */
export function expandTokens(folder: string, object: ImagePath, elf: ElfFile): readonly string[] {
  const tuple = tuples[elf.machine];
  const plain = folder
    .replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, parentPath(object))
    .replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, muslNames[elf.machine] ?? '');
  if (!/\$(?:LIB\b|\{LIB\})/.test(plain)) return [plain];
  const values = [...(tuple === undefined ? [] : [`lib/${tuple}`]), elf.bits === 64 ? 'lib64' : 'lib'];
  return values.map((value) => plain.replace(/\$(?:LIB\b|\{LIB\})/g, value));
}

/** Paths by library name, from `/etc/ld.so.cache`; undefined when there is no usable cache. */
export async function loaderCache(tree: ImageTree): Promise<ReadonlyMap<string, readonly ImagePath[]> | undefined> {
  const entry = tree.findFile('/etc/ld.so.cache');
  const bytes = entry && (await tree.read(entry.path));
  const entries = bytes === undefined ? [] : readLoaderCache(bytes);
  if (entries.length === 0) return undefined;
  const paths = new Map<string, ImagePath[]>();
  for (const { name, path } of entries) {
    const known = paths.get(name);
    if (known === undefined) paths.set(name, [path]);
    else known.push(path);
  }
  return paths;
}

const mostIncludes = 200;

/** The folders that `/etc/ld.so.conf` names, included files read, in order (ldconfig(8)). */
export async function configuredFolders(tree: ImageTree): Promise<readonly ImagePath[]> {
  const folders: ImagePath[] = [];
  const pending = ['/etc/ld.so.conf'];
  for (let read = 0; pending.length > 0 && read < mostIncludes; read++) {
    const text = (await tree.readText(pending.shift() ?? '')) ?? '';
    for (const line of text.split('\n')) {
      const word = line.replace(/#.*/, '').trim();
      const included = /^include\s+(\S+)$/.exec(word)?.[1];
      if (included !== undefined) pending.push(...filesOf(included, tree));
      else if (word.startsWith('/')) folders.push(word);
    }
  }
  return folders;
}

function filesOf(pattern: string, tree: ImageTree): readonly ImagePath[] {
  const path = pattern.startsWith('/') ? pattern : `/etc/${pattern}`;
  const name = compilePattern(path.slice(path.lastIndexOf('/') + 1));
  const folder = parentPath(path);
  return tree
    .list(folder)
    .filter((entry) => name(entry.path.slice(entry.path.lastIndexOf('/') + 1)))
    .map((entry) => entry.path);
}

/** Variants of a folder for better processors, which the loader prefers where the machine is one (glibc-hwcaps). */
export function hardwareFolders(folder: ImagePath, tree: ImageTree): readonly ImagePath[] {
  return tree
    .list(joinPath(folder, 'glibc-hwcaps'))
    .filter(({ type }) => type === 'directory')
    .map(({ path }) => path);
}
