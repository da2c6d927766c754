import type { Digest } from '../core/digest.ts';
import type { ImagePath } from '../core/path.ts';
import type { ProfileKind } from '../distroless/profiles/kinds.ts';
import type { DirectStart } from '../distroless/slim/direct-start.ts';
import type { FoundationId } from '../distroless/slim/foundations.ts';
import type { RootNeed } from '../distroless/slim/nonroot.ts';
import type { RewrittenHealthcheck } from '../distroless/slim/rewrite-healthcheck.ts';
import { type PlanVulnerabilities, planVulnerabilities } from '../distroless/slim/vulnerabilities.ts';
import type { Image } from '../image/model.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Missing, Undecided } from '../reach/model.ts';
import type { Plan, PlanEntry } from '../reach/plan/model.ts';
import type { ScanResult } from '../report/model.ts';
import type { KnownFindings } from './known-findings.ts';
import type { Proof } from './prove-behaviour.ts';
import type { ImageReach } from './reach.ts';

export interface SlimTotals {
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
}

/** Whom a slimmed image runs as. */
export interface SlimUser {
  /** As its configuration has it; absent where that names nobody, which is root. */
  readonly name?: string;
  readonly root: boolean;
  /** What reading found that needs root. */
  readonly needs: readonly RootNeed[];
}

/** A layer that other slimmed images have byte for byte if they stand on the same packages. */
export interface SharedLayer {
  readonly foundation: FoundationId;
  /** Index into the layers of the image. */
  readonly layer: number;
  readonly diffId: Digest;
  readonly files: number;
  /** Of content. */
  readonly bytes: number;
}

/** A recipe that was written. */
export interface WrittenRecipe {
  readonly file: string;
  /** Where what it copies lies; absent where packages bring everything. */
  readonly folder?: string;
  readonly packages: number;
  /** Files that are copied. */
  readonly files: number;
}

/** The plan of an image's slimming, and what was made of it. */
export interface SlimReport {
  readonly schemaVersion: 1;
  readonly image: { readonly reference: string; readonly name: string; readonly digest?: string };
  /** Whether the slimmed image was seen to behave as the source does. */
  readonly behaviour: 'not checked' | 'equal' | 'different';
  /** What the contract said; absent where none was played. */
  readonly contract?: Proof;
  /** There is no shell, no package manager and nothing to drop. */
  readonly distroless: boolean;
  /** The image that was written. */
  readonly written?: {
    readonly digest: Digest;
    readonly tag: string;
    readonly layers: number;
    readonly shared: readonly SharedLayer[];
  };
  /** The recipe that was written. */
  readonly recipe?: WrittenRecipe;
  readonly before: SlimTotals;
  readonly after: SlimTotals;
  readonly user: SlimUser;
  /** The command that the entrypoint came down to, which the slimmed image starts itself. */
  readonly start?: DirectStart;
  /** A healthcheck that asks by other means than in the source. */
  readonly healthcheck?: RewrittenHealthcheck;
  /** By the store as it is; absent where there is none. */
  readonly vulnerabilities?: PlanVulnerabilities & {
    /** What no feed answered. */
    readonly uncovered: NonNullable<ScanResult['advisories']>['uncovered'];
  };
  readonly packages: Plan['packages'];
  readonly entries: Plan['entries'];
  /** Profiles that were asked for: the text of each, by its kind. */
  readonly profiles?: Readonly<Partial<Record<ProfileKind, string>>>;
  /** What could not be told by reading: the slimmed image may lack what it leads to. */
  readonly undecided: readonly Undecided[];
  readonly missing: readonly Missing[];
  /** Programs that something names and that policy does not keep. */
  readonly notKept: readonly { readonly path: ImagePath; readonly program: string }[];
}

export interface SlimFindings {
  readonly image: Image;
  readonly inventory: Inventory;
  readonly reach: ImageReach;
  readonly plan: Plan;
  readonly user: SlimUser;
  readonly start: DirectStart | undefined;
  readonly healthcheck: RewrittenHealthcheck | undefined;
  readonly known: KnownFindings | undefined;
}

/** What is told of a plan before anything is written. */
export function slimReport({
  image,
  inventory,
  reach,
  plan,
  user,
  start,
  healthcheck,
  known,
}: SlimFindings): SlimReport {
  const { reference, name, digest } = image;
  const { surface, packages } = inventory;
  const { graph } = reach;
  const kept = plan.entries.filter(({ fate }) => fate === 'kept');
  const bare = surface.shells.length === 0 && surface.packageManagers.length === 0;
  const { undecided, missing, notKept } = graph;
  const before = totals(plan.entries);
  const after = totals(kept);
  return {
    schemaVersion: 1,
    image: { reference, name, ...(digest === undefined ? {} : { digest }) },
    behaviour: 'not checked',
    distroless: bare && (hasSingleRecords(plan) || after.files === before.files),
    before: { packages: plan.packages.length, ...before },
    after: { packages: plan.packages.filter(({ fate }) => fate !== 'dropped').length, ...after },
    user,
    ...(start === undefined ? {} : { start }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
    ...(known === undefined
      ? {}
      : {
          vulnerabilities: {
            ...planVulnerabilities(known.findings, { plan, graph, packages }),
            uncovered: known.uncovered,
          },
        }),
    ...plan,
    undecided,
    missing,
    notKept,
  };
}

/** Images without a package manager keep a record a package. */
function hasSingleRecords({ entries }: Plan): boolean {
  return entries.some(({ path }) => path.startsWith('/var/lib/dpkg/status.d/'));
}

function isFile({ type }: PlanEntry): boolean {
  return type === 'file' || type === 'hardlink';
}

function totals(entries: readonly PlanEntry[]): Omit<SlimTotals, 'packages'> {
  const files = entries.filter(isFile);
  return { files: files.length, bytes: files.reduce((sum, { type, size }) => sum + (type === 'file' ? size : 0), 0) };
}
