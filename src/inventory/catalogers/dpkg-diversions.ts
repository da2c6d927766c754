import { decodeName, type ImagePath, normalizePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';

export const diversionsPath = '/var/lib/dpkg/diversions';

interface Diversion {
  readonly to: ImagePath;
  /** The package whose own file keeps the name; undefined when an administrator diverted it from all. */
  readonly by: string | undefined;
}

export type Diversions = ReadonlyMap<ImagePath, Diversion>;

/** What is diverted in an image. */
export async function readDiversions(filesystem: Filesystem): Promise<Diversions> {
  return parseDiversions(decodeName((await filesystem.read(diversionsPath)) ?? new Uint8Array()));
}

/** Diverted paths and where their files are (dpkg-divert(1)): a record is three lines, path, new path, package or `:`. */
export function parseDiversions(text: string): Diversions {
  const lines = text.split('\n');
  const diversions = new Map<ImagePath, Diversion>();
  for (let index = 0; index + 2 < lines.length; index += 3) {
    const [from, to, by] = lines.slice(index, index + 3).map((line) => line.trim());
    const path = from === undefined ? undefined : normalizePath(from);
    const target = to === undefined ? undefined : normalizePath(to);
    if (path !== undefined && target !== undefined) {
      diversions.set(path, { to: target, by: by === ':' ? undefined : by });
    }
  }
  return diversions;
}

/** Where the file that a package brought under this path is. */
export function diversionOf(diversions: Diversions, path: ImagePath, packageName: string): ImagePath {
  const diversion = diversions.get(path);
  return diversion === undefined || diversion.by === packageName ? path : diversion.to;
}
