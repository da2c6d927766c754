/** What any SBOM format says about one component, as far as an inventory can use it. */
export interface SbomComponent {
  /** For diagnostics. */
  readonly label: string;
  readonly purl?: string;
  /** Whether it may be what others were found in, such as a lock file, which has no purl of its own. */
  readonly mayHold?: true;
  /** For purls that have none. */
  readonly version?: string;
  readonly licenses: readonly string[];
  /** The source package, where a producer says so outside the purl. */
  readonly source?: { readonly name: string; readonly version?: string };
  /** The id of the package that owns this one, where Cinzel said so. */
  readonly ownedBy?: string;
  /** Path in the image of the file that proves it, where a producer says so. */
  readonly path?: string;
}

/** What any SBOM format says, in the order of the document. */
export interface SbomDocument {
  readonly components: readonly SbomComponent[];
  readonly distribution?: { readonly id: string; readonly versionId?: string };
}
