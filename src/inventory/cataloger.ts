import type { Report } from '../core/diagnostics.ts';
import type { ImagePath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { Distribution, OwnedFile, PackageType } from './model.ts';

/**
 * Finds the packages of one manager. A cataloger declares the files that prove a package (`selects`); the core finds
 * them in the merged view, and in each layer that wrote them, and hands them over one at a time. From the same parse
 * of older layers the core learns which layer brought a version and what was removed.
 */
export interface Cataloger {
  readonly id: string;
  /** Raise it when the same bytes give another answer: it is part of every cache key. */
  readonly version: number;
  /** Globs (picomatch, absolute image paths) of the files that prove packages. */
  readonly selects: readonly string[];
  /** Globs of other files that `catalog` and `details` read; they are kept while a layer streams by. */
  readonly reads: readonly string[];
  /** A larger selected file becomes a diagnostic. Without it the context's `fileBytes` ends the run. */
  readonly maximumBytes?: number;
  /** Whether each package owns all that is in its `location`, save what another package's location in it holds. */
  readonly ownsLocation?: boolean;
  /** The packages that this file proves. Malformed records become diagnostics, never errors. */
  catalog(file: EvidenceFile, view: CatalogView): Promise<readonly CatalogedPackage[]>;
  /** What only the final view needs. Called once a run, so that what packages share is read once. */
  details?(view: CatalogView): (found: CatalogedPackage, evidence: ImagePath) => Promise<PackageDetail>;
}

/** A selected file with its content. */
export interface EvidenceFile {
  readonly path: ImagePath;
  readonly bytes: Uint8Array;
}

/** What a cataloger may see besides its file: the filesystem as it stood when that file was written. */
export interface CatalogView {
  readonly filesystem: Filesystem;
  readonly distribution: Distribution | undefined;
  /** In `catalog`, path and layer are added to what it is given. */
  readonly report: Report;
}

/** A package as one file proves it; layer, owner and fate are the core's to find. */
export interface CatalogedPackage {
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly purl: string;
  readonly source?: { readonly name: string; readonly version: string };
  readonly builtUsing?: readonly { readonly name: string; readonly version: string }[];
  /** Folder of a package that can be installed more than once; becomes part of its id. */
  readonly location?: ImagePath;
  /** The file that proves it, when another than the selected one says more precisely. */
  readonly evidence?: ImagePath;
  readonly licenses?: readonly string[];
  readonly installedSize?: number;
  readonly maintainer?: string;
  readonly homepage?: string;
  readonly summary?: string;
  readonly state?: string;
  readonly origin?: string;
  /** Names, in this manager's terms, of what it depends on: for each need, the alternatives in order of preference. */
  readonly dependencies?: readonly (readonly string[])[];
  /** Names besides its own by which others may depend on it. */
  readonly provides?: readonly string[];
}

export interface PackageDetail {
  readonly files?: readonly OwnedFile[];
  readonly licenses?: readonly string[];
  readonly origin?: string;
  readonly installedSize?: number;
  /** Locations of the packages that it depends on, where the manager looks for folders rather than names. */
  readonly dependencyLocations?: readonly ImagePath[];
}
