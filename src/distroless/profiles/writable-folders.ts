import { compareText } from '../../core/compare-text.ts';
import { baseName, type ImagePath, joinPath, normalizePath, parentPath, rootPath } from '../../core/path.ts';
import type { ProfileFacts } from './model.ts';

export interface WritableFolders {
  /** Outermost folders that are written to and in which the image has nothing that a mount would hide. */
  readonly mountable: readonly ImagePath[];
  /** What is written to where the image has files of its own: these folders cannot be mounted over. */
  readonly mixed: readonly ImagePath[];
}

/** Folders of the standard that programs write to, made by engines where an image lacks them. */
const byRule = ['/run', '/tmp', '/var/tmp'];
/** Python writes its bytecode there if it can, and does as well without. */
const optional = /\/__pycache__(?:\/|$)/;

/** What the traced run wrote to, links in folders followed; undefined when nothing ran. */
export function tracedWrites({ trace, filesystem }: ProfileFacts): readonly ImagePath[] | undefined {
  if (trace === undefined) return undefined;
  const real = trace.written
    .filter((path) => path !== rootPath && !optional.test(path))
    .map((path) => joinPath(filesystem.resolve(parentPath(path))?.path ?? parentPath(path), baseName(path)));
  return [...new Set(real)].sort(compareText);
}

/**
 * Folders that an image whose root cannot be written to needs to be writable: those that a traced run wrote to, or, when
 * nothing ran, volumes and folders that everybody may write to.
 */
export function writableFolders(facts: ProfileFacts): WritableFolders {
  const { config, filesystem, plan } = facts;
  const volumes = (config.volumes ?? []).flatMap((path) => normalizePath(path) ?? []);
  const open = plan.entries.flatMap(({ path, type, fate }) =>
    fate === 'kept' && type === 'directory' && ((filesystem.get(path)?.mode ?? 0) & 0o002) !== 0 ? [path] : [],
  );
  const written = tracedWrites(facts);
  const folders = written === undefined ? [...byRule, ...open] : written.map((path) => parentPath(path));
  const wanted = outermost([...volumes, ...folders].map((path) => filesystem.resolve(path)?.path ?? path));
  const files = plan.entries.filter(({ type, fate }) => fate === 'kept' && type !== 'directory');
  const own = new Set(written ?? []);
  const hides = (folder: ImagePath): boolean =>
    folder === rootPath || files.some(({ path }) => path.startsWith(`${folder}/`) && !own.has(path));
  const isVolume = new Set(volumes);
  return {
    mountable: wanted.filter((folder) => isVolume.has(folder) || !hides(folder)),
    mixed: wanted.filter((folder) => !isVolume.has(folder) && hides(folder)),
  };
}

function outermost(folders: readonly ImagePath[]): readonly ImagePath[] {
  const sorted = [...new Set(folders)].sort(compareText);
  // The root would swallow all others, and can never be mounted over.
  return sorted.filter(
    (path) => path === rootPath || !sorted.some((one) => one !== rootPath && path.startsWith(`${one}/`)),
  );
}
