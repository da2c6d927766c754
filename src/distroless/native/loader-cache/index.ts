import { writeLoaderCache } from '../../../formats/ld-so-cache-write.ts';
import { bytesFile, type FileGroup, symlink } from '../../files.ts';
import { imageTree } from '../../image-tree.ts';
import { libraryFolders } from './folders.ts';
import { folderLibraries } from './libraries.ts';
import { processors } from './processors.ts';

/**
 * etc/ld.so.cache, and the links that are missing, as `ldconfig` of the C library's version would make them in the
 * image. Libraries for special processors (`glibc-hwcaps`) are found by the loader without it and are left out.
 */
export function loaderCacheGroup(
  groups: readonly FileGroup[],
  { architecture, libcVersion }: { readonly architecture: string; readonly libcVersion: string | undefined },
): readonly FileGroup[] {
  const processor = processors[architecture];
  if (processor === undefined || libcVersion === undefined) return [];
  const tree = imageTree(groups);
  const found = libraryFolders(tree, processor.triplet).map((folder) => folderLibraries(folder, tree, processor));
  const cache = writeLoaderCache({
    libraries: found.flatMap(({ libraries }) => libraries),
    flags: processor.flags,
    byteOrder: processor.byteOrder,
    generator: generatorOf(libcVersion),
  });
  const links = found.flatMap((folder) => folder.links.map(({ path, target }) => symlink(path, target)));
  return [{ kind: 'system', label: 'ld.so.cache', files: [...links, bytesFile('/etc/ld.so.cache', cache)] }];
}

/** As Debian's ldconfig names itself. */
function generatorOf(version: string): string {
  const upstream = version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
  return `ldconfig (Debian GLIBC ${version}) stable release version ${upstream}`;
}
