/** What the search knows of a package, whatever archive it is of. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
}

/** What the solver knows of a package; relations are fields as an index has them (deb-control(5)). */
export interface Solvable extends Candidate {
  readonly architecture: string;
  readonly preDepends: string;
  readonly depends: string;
  readonly conflicts: string;
  readonly breaks: string;
  readonly provides: string;
  readonly multiArch: string;
  readonly essential: boolean;
  readonly important: boolean;
  readonly priority: string;
  readonly suite: string;
}

/** Where packages are found by name; an AptArchive is one. */
export interface PackageSource<Package extends Solvable> {
  /** The versions of a package that may be taken, each once: the wanted first, as pins and age have it. */
  readonly versionsOf: (name: string) => readonly Package[];
  /** Packages that provide a name, with whatever version. */
  readonly providersOf: (name: string) => readonly Package[];
  /** The place at which the indexes, one after the other, have the name first, in whatever field. */
  readonly rankOf: (name: string) => number;
}
