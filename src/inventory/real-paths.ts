import { baseName, type ImagePath, joinPath, parentPath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';

/**
 * Gives the path under which a file really is: links in its folders are followed (`/lib/x` is `/usr/lib/x` on a merged
 * /usr), one in its last component is not. A folder that does not exist stays as it is written.
 */
export function realPaths(filesystem: Filesystem): (path: ImagePath) => ImagePath {
  const folders = new Map<ImagePath, ImagePath>();
  return (path) => {
    const folder = parentPath(path);
    let real = folders.get(folder);
    if (real === undefined) {
      real = filesystem.resolve(folder)?.path ?? folder;
      folders.set(folder, real);
    }
    return real === folder ? path : joinPath(real, baseName(path));
  };
}
