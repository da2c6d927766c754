import type { Context } from '../core/context.ts';
import type { Report } from '../core/diagnostics.ts';
import type { ImagePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import { SurfaceMeter } from './attack-surface.ts';
import type { CatalogedPackage, Cataloger, PackageDetail } from './cataloger.ts';
import { inBatches } from './in-batches.ts';
import { LocationCollector, type LocationListener } from './location-files.ts';
import type { AttackSurface, Distribution, OwnedFile } from './model.ts';
import { isDistributionType } from './package-id.ts';
import { FilePacker, type PackedFiles } from './packed-files.ts';
import { realPaths } from './real-paths.ts';
import type { AttributedPackage } from './timeline.ts';

/** A package and the cataloger that found it. */
export interface FoundPackage extends AttributedPackage {
  readonly cataloger: Cataloger;
}

export interface DetailOptions {
  readonly filesystem: Filesystem;
  readonly distribution: Distribution | undefined;
  readonly report: Report;
  readonly context: Context;
}

/** What is known of present packages besides what their evidence says. */
export interface Details {
  readonly byId: ReadonlyMap<string, Omit<PackageDetail, 'files'>>;
  /** The distribution package that owns a language package's evidence, by the latter's path. */
  readonly owners: ReadonlyMap<ImagePath, string>;
  readonly files: PackedFiles;
  readonly surface: AttackSurface;
}

/**
 * Reads what only the final view needs. Each list of files is packed as soon as it was compared with the evidence of
 * language packages, so that no two are in memory.
 */
export async function readDetails(present: readonly FoundPackage[], options: DetailOptions): Promise<Details> {
  const { filesystem, context } = options;
  const byId = new Map<string, Omit<PackageDetail, 'files'>>();
  const owners = new Map<ImagePath, string>();
  const packer = new FilePacker();
  const realPath = realPaths(filesystem);
  const wanted = languageEvidence(present);
  for await (const { one, detail } of inBatches(present, context.signal, detailReader(options))) {
    const { files, ...rest } = detail;
    byId.set(one.id, rest);
    if (files === undefined) continue;
    const real = files.map((file): OwnedFile => ({ ...file, path: realPath(file.path) }));
    packer.add(one.id, real);
    if (!isDistributionType(one.found.type)) continue;
    for (const { path } of real) if (wanted.has(path)) owners.set(path, one.id);
  }
  const surface = walk(present, filesystem, (id, files, size) => {
    packer.add(id, files);
    byId.set(id, { installedSize: size, ...byId.get(id) });
  });
  return { byId, owners, files: packer.finish(), surface };
}

type ReadDetail = (found: CatalogedPackage, evidence: ImagePath) => Promise<PackageDetail>;

function detailReader(
  options: DetailOptions,
): (one: FoundPackage) => Promise<{ readonly one: FoundPackage; readonly detail: PackageDetail }> {
  const readers = new Map<Cataloger, ReadDetail | undefined>();
  return async (one) => {
    const { cataloger, found, evidence } = one;
    if (!readers.has(cataloger)) readers.set(cataloger, cataloger.details?.(options));
    return { one, detail: (await readers.get(cataloger)?.(found, evidence[0].path)) ?? {} };
  };
}

function languageEvidence(present: readonly FoundPackage[]): ReadonlySet<ImagePath> {
  const language = present.filter(({ found }) => !isDistributionType(found.type));
  return new Set(language.flatMap(({ evidence }) => evidence.map(({ path }) => path)));
}

/** One walk through all entries for everything that must see all of them. */
function walk(present: readonly FoundPackage[], filesystem: Filesystem, listener: LocationListener): AttackSurface {
  const surface = new SurfaceMeter(filesystem);
  const locations = new LocationCollector(ownedLocations(present), listener);
  for (const entry of filesystem.entries()) {
    surface.visit(entry);
    locations.visit(entry);
  }
  locations.finish();
  return surface.finish();
}

function ownedLocations(present: readonly FoundPackage[]): ReadonlyMap<ImagePath, string> {
  return new Map(
    present.flatMap(({ id, cataloger, found: { location } }) =>
      cataloger.ownsLocation === true && location !== undefined ? [[location, id]] : [],
    ),
  );
}
