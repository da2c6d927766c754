import { compareText } from '../core/compare-text.ts';
import type { Context } from '../core/context.ts';
import { compareDiagnostics, type Diagnostic, type Report } from '../core/diagnostics.ts';
import { isCinzelError } from '../core/errors.ts';
import type { ImagePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import { attackSurface } from './attack-surface.ts';
import { type AttributedPackage, attribute, fileVersions } from './attribution.ts';
import type { CatalogedPackage, Cataloger, CatalogView, PackageDetail } from './cataloger.ts';
import { detectDistribution } from './distribution.ts';
import type { Distribution, Evidence, Inventory, OwnedFile, Package } from './model.ts';
import { linkOwners } from './ownership.ts';

/**
 * Finds all packages of an image: those that the merged filesystem has, and those that only earlier layers had.
 *
 * 1. Each cataloger's evidence files are parsed, in every version that a layer wrote.
 * 2. From a file's versions follows which layer brought a package and what became of it.
 * 3. Packages that are present are detailed: the files that they own, their licences.
 * 4. Language packages whose evidence a distribution package owns are linked to it.
 */
export async function takeInventory(
  filesystem: Filesystem,
  catalogers: readonly Cataloger[],
  context: Context,
): Promise<Inventory> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const distribution = await detectDistribution(filesystem, report);
  const present = new Map<string, Package>();
  const past = new Map<string, Package>();
  const files = new Map<string, readonly OwnedFile[]>();
  for (const cataloger of catalogers) {
    const run = new CatalogerRun(cataloger, filesystem, distribution, report);
    for (const path of filesystem.touched(cataloger.selects)) {
      context.signal.throwIfAborted();
      for (const attributed of await run.attributed(path)) {
        const isPresent = attributed.fate.kind === 'present';
        const detail = isPresent ? await run.detail(attributed.found) : {};
        const found = toPackage(attributed, detail, cataloger.id);
        const list = isPresent ? present : past;
        list.set(found.id, merged(list.get(found.id), found));
        if (detail.files !== undefined) files.set(found.id, detail.files);
      }
    }
  }
  const packages = withDependencies(linkOwners([...present.values()].sort(comparePackages), files, filesystem));
  return {
    ...(distribution === undefined ? {} : { distribution }),
    packages,
    // What is still there, proved by another file, is not gone.
    history: [...past.values()].filter(({ id }) => !present.has(id)).sort(comparePackages),
    surface: attackSurface(filesystem),
    diagnostics: diagnostics.sort(compareDiagnostics),
    files: async () => files,
  };
}

/** Order of packages everywhere: type, name, version, id. */
export function comparePackages(a: Package, b: Package): number {
  return (
    compareText(a.type, b.type) ||
    compareText(a.name, b.name) ||
    compareText(a.version, b.version) ||
    compareText(a.id, b.id)
  );
}

/** What identifies a package in an inventory; see `Package.id`. */
export function packageId({
  type,
  name,
  version,
  architecture,
  location,
}: Pick<CatalogedPackage, 'type' | 'name' | 'version' | 'architecture' | 'location'>): string {
  return `${type}/${name}@${version}${architecture === undefined ? '' : `:${architecture}`}${location === undefined ? '' : `#${location}`}`;
}

/** One cataloger at work on one image. */
class CatalogerRun {
  readonly #cataloger: Cataloger;
  readonly #filesystem: Filesystem;
  readonly #distribution: Distribution | undefined;
  readonly #report: Report;

  constructor(cataloger: Cataloger, filesystem: Filesystem, distribution: Distribution | undefined, report: Report) {
    this.#cataloger = cataloger;
    this.#filesystem = filesystem;
    this.#distribution = distribution;
    this.#report = report;
  }

  async attributed(path: ImagePath): Promise<readonly AttributedPackage[]> {
    const versions = await fileVersions(path, this.#filesystem, async (_, { entry, layer }, filesystem) => {
      const isFinal =
        filesystem.depth === this.#filesystem.depth || this.#filesystem.changes(path).at(-1)?.layer === layer;
      // An older version that cannot be read takes nothing from the answer about what is there now.
      const report: Report = isFinal ? this.#report : () => {};
      const bytes = await this.#read(filesystem, path, layer, report);
      if (bytes === undefined) return new Map();
      const found = await this.#cataloger.catalog({ entry, bytes }, this.#view(filesystem, report));
      return new Map(found.map((item) => [packageId(item), item]));
    });
    return attribute(path, versions);
  }

  async detail(found: CatalogedPackage): Promise<PackageDetail> {
    return (await this.#cataloger.detail?.(found, this.#view(this.#filesystem, this.#report))) ?? {};
  }

  #view(filesystem: Filesystem, report: Report): CatalogView {
    return { filesystem, distribution: this.#distribution, report };
  }

  async #read(filesystem: Filesystem, path: ImagePath, layer: number, report: Report): Promise<Uint8Array | undefined> {
    try {
      return await filesystem.read(path);
    } catch (error) {
      if (!isCinzelError(error)) throw error;
      report({ code: 'file.unreadable', severity: 'error', parameters: { problem: error.code }, path, layer });
      return undefined;
    }
  }
}

function toPackage(
  { id, found, path, layer, fate }: AttributedPackage,
  detail: PackageDetail,
  cataloger: string,
): Package {
  const { location: _location, evidence, licenses, dependencies: dependsOn, ...rest } = found;
  return {
    ...rest,
    id,
    licenses: detail.licenses ?? licenses ?? [],
    layer,
    evidence: [{ path: evidence ?? path, layer, cataloger }],
    fate,
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}

/** One package that two files prove: the evidence of both, and the layer that had it first. */
function merged(known: Package | undefined, found: Package): Package {
  if (known === undefined) return found;
  const [first, ...others] = [...known.evidence, ...found.evidence] as [Evidence, ...Evidence[]];
  const evidence: [Evidence, ...Evidence[]] = [first, ...others.filter((item) => item.path !== first.path)];
  return { ...known, evidence, layer: Math.min(known.layer, found.layer) };
}

/** Turns the names of dependencies into the ids of the packages that are there. */
function withDependencies(packages: readonly Package[]): readonly Package[] {
  const byName = new Map<string, string>();
  for (const { type, name, id } of packages) byName.set(`${type}/${name}`, id);
  return packages.map((found) => {
    if (found.dependsOn === undefined) return found;
    const { dependsOn, ...rest } = found;
    const ids = [...new Set(dependsOn.flatMap((name) => byName.get(`${found.type}/${name}`) ?? []))].filter(
      (id) => id !== found.id,
    );
    return ids.length === 0 ? rest : { ...rest, dependsOn: ids.sort(compareText) };
  });
}
