import type { ImagePath } from '../core/path.ts';
import type { Filesystem, PathChange } from '../filesystem/model.ts';
import type { CatalogedPackage } from './cataloger.ts';
import type { Fate } from './model.ts';

/** What one version of an evidence file proved, in the layer that wrote it; nothing, in the layer that removed it. */
export interface FileVersion {
  readonly layer: number;
  readonly packages: ReadonlyMap<string, CatalogedPackage>;
}

/** A package with the layer that first brought it and what became of it. */
export interface AttributedPackage {
  readonly id: string;
  readonly found: CatalogedPackage;
  readonly path: ImagePath;
  readonly layer: number;
  readonly fate: Fate;
}

/** Parses one version of an evidence file. */
export type CatalogVersion = (
  path: ImagePath,
  change: PathChange & { readonly kind: 'written' },
  view: Filesystem,
) => Promise<ReadonlyMap<string, CatalogedPackage>>;

/** Each version of an evidence file, oldest first, with what it proves. */
export async function fileVersions(
  path: ImagePath,
  filesystem: Filesystem,
  catalog: CatalogVersion,
): Promise<readonly FileVersion[]> {
  const versions: FileVersion[] = [];
  for (const change of filesystem.changes(path)) {
    const packages =
      change.kind === 'removed' ? new Map() : await catalog(path, change, filesystem.at(change.layer + 1));
    versions.push({ layer: change.layer, packages });
  }
  return versions;
}

/**
 * Tells of every package that any version of a file proved which layer brought it and what became of it.
 *
 * The versions are walked from oldest to newest. A package appears with the first version that has it and lasts while
 * each next one has it too; one that comes back after it was gone is brought anew by the layer that it came back with.
 */
export function attribute(path: ImagePath, versions: readonly FileVersion[]): readonly AttributedPackage[] {
  const open = new Map<string, { readonly found: CatalogedPackage; readonly layer: number }>();
  const ended: AttributedPackage[] = [];
  for (const { layer, packages } of versions) {
    for (const [id, { found, layer: since }] of open) {
      if (packages.has(id)) continue;
      const kind = replaces(packages, found) ? 'upgraded' : 'removed';
      ended.push({ id, found, path, layer: since, fate: { kind, layer } });
      open.delete(id);
    }
    for (const [id, found] of packages) open.set(id, { found, layer: open.get(id)?.layer ?? layer });
  }
  const present = [...open].map(
    ([id, { found, layer }]) => ({ id, found, path, layer, fate: { kind: 'present' } }) as const,
  );
  return [...present, ...ended];
}

/** Whether another version of the same package is among these. */
function replaces(packages: ReadonlyMap<string, CatalogedPackage>, gone: CatalogedPackage): boolean {
  for (const found of packages.values()) {
    if (
      found.type === gone.type &&
      found.name === gone.name &&
      found.architecture === gone.architecture &&
      found.location === gone.location
    )
      return true;
  }
  return false;
}
