import type { Diagnostic } from '../core/diagnostics.ts';
import type { ImagePath } from '../core/path.ts';

/** Package types are those of the purl specification. */
export type PackageType =
  | 'deb'
  | 'apk'
  | 'rpm'
  | 'npm'
  | 'pypi'
  | 'gem'
  | 'cargo'
  | 'golang'
  | 'composer'
  | 'maven'
  | 'nuget'
  | 'generic';

/** The file, layer and cataloger that prove a package is there. */
export interface Evidence {
  readonly path: ImagePath;
  readonly layer: number;
  readonly cataloger: string;
}

/** Whether the merged filesystem has the package, and if not, which layer took it away. */
export type Fate = { readonly kind: 'present' } | { readonly kind: 'upgraded' | 'removed'; readonly layer: number };

/** One installed unit. */
export interface Package {
  /** Unique in an inventory and equal for equal content: `deb/libc6@2.36-9:amd64`, `npm/x@1.0.0#/app/node_modules/x`. */
  readonly id: string;
  readonly type: PackageType;
  readonly name: string;
  /** The manager's full string: dpkg's with epoch, rpm's `E:V-R`. */
  readonly version: string;
  readonly architecture?: string;
  /** The distribution that it is of, where an SBOM names another than the document's. */
  readonly distribution?: Pick<Distribution, 'id' | 'versionId'>;
  readonly purl: string;
  /** The source package, or apk's origin. */
  readonly source?: { readonly name: string; readonly version: string };
  /** Sources whose code was compiled in (dpkg's Built-Using and Static-Built-Using). */
  readonly builtUsing?: readonly { readonly name: string; readonly version: string }[];
  /** SPDX expressions; texts that are none appear as `LicenseRef-…`. */
  readonly licenses: readonly string[];
  /** The layer that first brought this version. */
  readonly layer: number;
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** Id of the distribution package that owns its files; such a package is out of counts and findings. */
  readonly ownedBy?: string;
  readonly fate: Fate;
  /** Sum of the sizes that its manager states or that its files have, in bytes. */
  readonly installedSize?: number;
  /** Ids of the packages that it depends on, where the manager says so. */
  readonly dependsOn?: readonly string[];
  readonly maintainer?: string;
  readonly homepage?: string;
  readonly summary?: string;
  /** The manager's word where it is not plainly installed: `hold`, `half-installed`, `unpacked` … */
  readonly state?: string;
  /** Where a language package was fetched from (Python's direct_url.json, npm's `resolved`). */
  readonly origin?: string;
}

/** A file that a package's manager says it owns. */
export interface OwnedFile {
  readonly path: ImagePath;
  /** Hash in the manager's own algorithm and encoding: `md5:…`, `sha1:…`, `sha256:…` (hexadecimal). */
  readonly hash?: string;
}

/** The distribution of an image, as it names itself. */
export interface Distribution {
  /** Lower-case os-release ID: `debian`, `alpine`, `ubuntu`, `wolfi` … */
  readonly id: string;
  readonly versionId?: string;
  readonly codename?: string;
  readonly prettyName?: string;
  readonly idLike: readonly string[];
  /** The files in which apt finds its archives, where there are any. Nobody has vouched for what they name. */
  readonly sources?: readonly { readonly path: ImagePath; readonly text: string }[];
  readonly evidence: { readonly path: ImagePath; readonly layer: number };
}

/** How much an attacker finds in an image besides its application. */
export interface AttackSurface {
  /** Paths of shells, package managers and download tools that can be executed. */
  readonly shells: readonly ImagePath[];
  readonly packageManagers: readonly ImagePath[];
  readonly downloaders: readonly ImagePath[];
  /** Executables that run with the rights of their owner or group. */
  readonly setuid: readonly ImagePath[];
  readonly executables: number;
  /** Regular files, hard links included. */
  readonly files: number;
}

/** All packages of an image, plus distribution, relations and what could not be read. */
export interface Inventory {
  readonly distribution?: Distribution;
  /** What the merged filesystem has: by type, name, version, id. */
  readonly packages: readonly Package[];
  /** What only earlier layers had; same order. */
  readonly history: readonly Package[];
  readonly surface: AttackSurface;
  readonly diagnostics: readonly Diagnostic[];
  /** Files by package id, for packages whose manager lists them. */
  readonly files: () => Promise<ReadonlyMap<string, readonly OwnedFile[]>>;
  /** The same as `files`, packed for a cache (`packed-files.ts`). */
  readonly packedFiles?: Uint8Array;
}
