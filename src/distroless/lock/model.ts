import type { LockedApks } from '../apk/lock.ts';

/** What a recipe came to when its packages were resolved: enough to build the same image again, to the byte. */
export interface Lock {
  readonly version: 1;
  readonly inputs: LockInputs;
  readonly encoder: LockedEncoder;
  /** By OCI architecture. */
  readonly architectures: Readonly<Record<string, LockedArchitecture>>;
}

/** What of the recipe decided the packages: a lock fits a recipe that has the same. */
export interface LockInputs {
  /** The image below, as the recipe names it. */
  readonly from?: string;
  readonly distribution: string;
  /** Names of suites where the recipe names them. */
  readonly suites?: readonly string[];
  /** Further archives and pins of the recipe, each as one line. */
  readonly sources?: readonly string[];
  readonly pins?: readonly string[];
  /** A list for each recipe of the chain: `NAME` or `NAME=VERSION`. */
  readonly packages: readonly LockedRequest[];
}

export interface LockedRequest {
  readonly dependencies: 'follow' | 'listed';
  readonly names: readonly string[];
  readonly without?: readonly string[];
}

/** The compressor of the layers. */
export interface LockedEncoder {
  readonly name: string;
  readonly version: string;
  readonly level: number;
}

export interface LockedArchitecture {
  /** Digest of the manifest of the image below. */
  readonly from?: string;
  readonly suites: readonly LockedSuite[];
  /** In the order in which the recipe asks for them; those that others need come after, by name. */
  readonly packages: readonly LockedPackage[];
  /** Instead of both, of an image of Alpine or Wolfi. */
  readonly apk?: LockedApks;
}

/** The signed index that said which packages there are. */
export interface LockedSuite {
  readonly suite: string;
  readonly origin: string;
  readonly date: string;
  /** Fingerprint of the key that signed it. */
  readonly key: string;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** As Debian names it; `all` for packages that fit every processor. */
  readonly architecture: string;
  readonly source: string;
  readonly sourceVersion: string;
  /** `main`, `security`, or the name of another archive of the recipe. */
  readonly archive: string;
  readonly suite: string;
  /** Below the archive's root: `pool/…`. */
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
  /** Index of the recipe in the chain that brought it. */
  readonly stage: number;
  /** The package that it was chosen for; absent where the recipe lists it. */
  readonly wantedBy?: string;
}
