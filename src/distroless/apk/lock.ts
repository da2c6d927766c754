/** What an architecture of an image of Alpine or Wolfi came to. */
export interface LockedApks {
  readonly repositories: readonly LockedRepository[];
  /** In the order in which they are installed: what others need first. */
  readonly packages: readonly LockedApk[];
}

/** The signed index that said which packages there are. */
export interface LockedRepository {
  /** Without its host: `v3.20/main`. */
  readonly repository: string;
  /** As the index describes itself. */
  readonly description: string;
  /** SHA-256 of the key that signed it, and its name. */
  readonly key: string;
  readonly keyName: string;
}

export interface LockedApk {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The package that it was built with. */
  readonly origin: string;
  readonly repository: string;
  /** Below the repository. */
  readonly filename: string;
  readonly size: number;
  /** Of its control member, which names the hash of its data: `Q1` and the SHA-1 in Base64. */
  readonly checksum: string;
  /** The package that it was chosen for; absent where the recipe asks for it. */
  readonly wantedBy?: string;
}
