import picomatch from 'picomatch';
import { CinzelError } from '../../core/errors.ts';
import type { LayerFile } from '../files.ts';
import { keepLinked } from '../keep-linked.ts';
import type { Selection } from '../recipe/model.ts';
import type { Keeps } from './classes.ts';
import { licence, type SliceName, slices } from './slices.ts';

/** The files of a package that are taken. */
export interface SelectedFiles {
  readonly files: readonly LayerFile[];
  /** Files and links, not folders. */
  readonly kept: number;
  readonly total: number;
}

/**
 * Takes the files of a package that its selection and the recipe's classes of data want; the licence is always among
 * them. Folders stay that hold something. Throws `usage.value` for a slice that does not exist.
 */
export function selectFiles(
  files: readonly LayerFile[],
  selection: Selection | undefined,
  keeps: Keeps,
): SelectedFiles {
  const wants = selection === undefined ? () => true : selectionFilter(selection);
  const isKept = ({ header }: LayerFile): boolean => {
    const path = `/${header.name}`;
    return licence.test(path) || (wants(path) && keeps(path));
  };
  const all = files.filter(({ header }) => header.type !== 'directory');
  const chosen = all.filter(isKept);
  if (chosen.length === all.length) return { files, kept: all.length, total: all.length };
  const held = new Set(chosen.flatMap(({ header }) => parents(header.name)));
  const folders = files.filter(({ header }) => header.type === 'directory' && held.has(header.name));
  const names = new Set(chosen.map(({ header }) => header.name));
  const linked = keepLinked(chosen, { all, isLost: (name) => !names.has(name) });
  return { files: [...folders, ...linked], kept: chosen.length, total: all.length };
}

function selectionFilter({ slices: names, keep, drop = [] }: Selection): Keeps {
  const patterns = (names ?? []).map(sliceOf);
  const kept = picomatch([...(keep ?? [])], { dot: true });
  const dropped = picomatch([...drop], { dot: true });
  const takesAll = names === undefined && keep === undefined;
  return (path) => !dropped(path) && (takesAll || kept(path) || patterns.some((pattern) => pattern.test(path)));
}

function sliceOf(name: string): RegExp {
  if (Object.hasOwn(slices, name)) return slices[name as SliceName];
  throw new CinzelError('usage.value', { name: 'slices', value: name, allowed: Object.keys(slices).join(', ') });
}

function parents(name: string): readonly string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
