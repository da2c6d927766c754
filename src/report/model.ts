import type { UncoveredReason } from '../advisories/feed.ts';
import type { FeedStatus } from '../advisories/model.ts';
import type { Diagnostic, DiagnosticSeverity } from '../core/diagnostics.ts';
import type { Digest } from '../core/digest.ts';
import type { Finding, Severity } from '../findings/model.ts';
import type { UncoveredPackages } from '../findings/uncovered.ts';
import type { AttackSurface, Package, PackageType } from '../inventory/model.ts';

/** The result of a scan: every report format renders this and nothing else. JSON form: schemas/scan.schema.json. */
export interface ScanResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'cinzel'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly image: ImageSummary;
  readonly packages: readonly Package[];
  readonly history: readonly Package[];
  /** Absent in the result of `sbom`. */
  readonly findings?: readonly Finding[];
  readonly summary: Summary;
  /** Absent in the result of `sbom`. */
  readonly advisories?: {
    readonly feeds: readonly FeedStatus[];
    /** Ecosystems or packages that no feed could be asked about, with the reason. */
    readonly uncovered: readonly UncoveredSummary[];
  };
  readonly diagnostics: readonly (Diagnostic | SavedDiagnostic)[];
}

/** Packages that were not checked; a result saved by an older version has the reason in English alone. */
export interface UncoveredSummary extends Omit<UncoveredPackages, 'code'> {
  readonly code?: UncoveredReason;
}

/** A diagnostic as JSON carries it: rendered in English, of any version of Cinzel. */
export interface SavedDiagnostic {
  readonly code: string;
  readonly severity: DiagnosticSeverity;
  readonly message: string;
  readonly path?: string;
  readonly layer?: number;
}

export interface ImageSummary {
  readonly reference: string;
  readonly name: string;
  /** The registry that it was read from or goes to: `docker.io`. */
  readonly registry?: string;
  readonly digest?: Digest;
  readonly id?: Digest;
  /** `linux/amd64`, `linux/arm/v7`. */
  readonly platform: string;
  readonly os?: { readonly id: string; readonly versionId?: string; readonly prettyName?: string };
  /** Absent where it is not known. */
  readonly base?: ImageBase;
  /** Uncompressed bytes of all layers. */
  readonly size: number;
  readonly layers: readonly LayerSummary[];
  readonly config: {
    readonly user?: string;
    readonly entrypoint?: readonly string[];
    readonly cmd?: readonly string[];
    readonly env?: readonly string[];
    readonly exposedPorts?: readonly string[];
    readonly workingDir?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly surface: AttackSurface;
}

/** The image that this one was made from. */
export interface ImageBase {
  readonly name: string;
  /** Of its manifest. */
  readonly digest?: Digest;
  /** How many of the first layers are its own. */
  readonly layers: number;
}

export interface LayerSummary {
  readonly index: number;
  readonly digest?: Digest;
  /** Absent for a root filesystem on disk. */
  readonly diffId?: Digest;
  /** Uncompressed bytes. */
  readonly size: number;
  readonly compressedSize?: number;
  readonly createdBy?: string;
  /** How its content was checked against its digests. */
  readonly verified: 'read' | 'cache' | 'no';
}

export interface Summary {
  /** Packages by type, without those that another package owns. */
  readonly packages: Readonly<Partial<Record<PackageType, number>>>;
  /** Open distinct (id, group) by severity. Absent in the result of `sbom`. */
  readonly vulnerabilities?: Readonly<Record<Severity, number>>;
  readonly fixable?: number;
  readonly suppressed?: number;
}
