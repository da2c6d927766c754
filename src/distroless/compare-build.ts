import { compareText } from '../core/compare-text.ts';
import { asObject, type JsonObject, parseJson } from '../core/json.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import type { LayerFile } from './files.ts';
import type { LayerPlan } from './layering.ts';

/** One thing in which an image differs from what its lock gives. */
export type BuildDifference =
  /** The recipe asks for other packages than the lock has. */
  | { readonly kind: 'recipe'; readonly text: string }
  /** A value of the configuration, as JSON; absent where there is none. */
  | { readonly kind: 'config'; readonly key: string; readonly image?: string; readonly built?: string }
  | { readonly kind: 'file'; readonly path: string; readonly change: 'only-image' | 'only-built' }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly change: 'differs';
      readonly aspects: readonly FileAspect[];
    }
  /** The same files in other layers. */
  | { readonly kind: 'layers' }
  | { readonly kind: 'annotations' }
  /** The same content, compressed otherwise. */
  | { readonly kind: 'stored' };

export type FileAspect = 'type' | 'mode' | 'owner' | 'time' | 'link' | 'content';

/** Compares image configurations, key by key; what layers give is compared by file. */
export function compareConfigs(image: Uint8Array, built: Uint8Array): readonly BuildDifference[] {
  const [one, other] = [flat(image), flat(built)];
  return [...new Set([...one.keys(), ...other.keys()])].sort(compareText).flatMap((key): readonly BuildDifference[] => {
    const [was, is] = [one.get(key), other.get(key)];
    if (was === is) return [];
    return [
      { kind: 'config', key, ...(was === undefined ? {} : { image: was }), ...(is === undefined ? {} : { built: is }) },
    ];
  });
}

function flat(bytes: Uint8Array): ReadonlyMap<string, string> {
  const {
    rootfs: _,
    history: __,
    config,
    ...rest
  }: JsonObject = asObject(parseJson(bytes, { kind: 'configuration' })) ?? {};
  const values = {
    ...rest,
    ...Object.fromEntries(Object.entries(asObject(config) ?? {}).map(([key, value]) => [`config.${key}`, value])),
  };
  return new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** Compares the files of an image with those that were built, by path; its first layers may be those of an image below. */
export async function compareFiles(
  filesystem: Filesystem,
  plans: readonly LayerPlan[],
  below = 0,
): Promise<readonly BuildDifference[]> {
  const built = builtFiles(plans);
  const differences: BuildDifference[] = [];
  for (const entry of filesystem.entries()) {
    if (entry.path === '/') continue;
    const file = built.get(entry.path);
    built.delete(entry.path);
    const path = entry.path;
    if (file === undefined) {
      // A folder that only its content needs is made with that content.
      if (entry.type !== 'directory' && entry.layer >= below)
        differences.push({ kind: 'file', path, change: 'only-image' });
      continue;
    }
    const aspects = await aspectsOf(entry, file, filesystem);
    if (aspects.length > 0) differences.push({ kind: 'file', path, change: 'differs', aspects });
  }
  for (const path of built.keys()) if (path !== '/') differences.push({ kind: 'file', path, change: 'only-built' });
  return differences.sort((a, b) => compareText(pathOf(a), pathOf(b)));
}

function pathOf(difference: BuildDifference): string {
  return difference.kind === 'file' ? difference.path : '';
}

function builtFiles(plans: readonly LayerPlan[]): Map<string, LayerFile> {
  const files = new Map<string, LayerFile>();
  for (const { groups } of plans) {
    for (const group of groups) {
      for (const file of group.files) files.set(file.header.name === './' ? '/' : `/${file.header.name}`, file);
    }
  }
  return files;
}

async function aspectsOf(
  entry: FileEntry,
  { header, content }: LayerFile,
  filesystem: Filesystem,
): Promise<readonly FileAspect[]> {
  if (entry.type !== header.type) return ['type'];
  const aspects: FileAspect[] = [];
  if (entry.mode !== header.mode && entry.type !== 'symlink') aspects.push('mode');
  if (entry.uid !== header.uid || entry.gid !== header.gid) aspects.push('owner');
  if (Math.floor(entry.mtime) !== Math.floor(header.mtime)) aspects.push('time');
  const link = entry.type === 'hardlink' ? entry.link?.replace(/^\//, '') : entry.link;
  if (link !== header.link) aspects.push('link');
  if (entry.type === 'file') {
    const own = await filesystem.read(entry.path, Number.MAX_SAFE_INTEGER);
    if (own === undefined || Buffer.compare(own, content) !== 0) aspects.push('content');
  }
  return aspects;
}
