import type { ImagePath } from '../../core/path.ts';
import type { EntryType } from '../../filesystem/model.ts';
import type { PackageType } from '../../inventory/model.ts';
import { edgeKinds } from '../model.ts';

/** Why a path is in the slimmed image: an edge of reach that leads to it, or a rule. */
export const keepReasons = [
  ...edgeKinds,
  /** A package manager's device file. */
  'device',
  /** Tells scanners which distribution the packages are of. */
  'distribution',
  'licence',
  /** Says which version of a language package is there. */
  'metadata',
  /** Holds what is kept. */
  'parent',
  /** A package manager's record, rewritten to what is kept. */
  'record',
  /** A folder that programs expect to write to. */
  'writable',
] as const;
export type KeepReason = (typeof keepReasons)[number];

export const dropReasons = ['cache', 'documentation', 'package-manager', 'unreached'] as const;
export type DropReason = (typeof dropReasons)[number];

/** Why a path is kept, with what asks for it where that is known. */
export interface Why {
  readonly reason: KeepReason;
  readonly from?: ImagePath;
  readonly detail?: string;
}

/** What becomes of one path of the image. */
export type PlanEntry = {
  readonly path: ImagePath;
  readonly type: EntryType;
  /** Bytes of content. */
  readonly size: number;
  /** Id of a package that owns it. */
  readonly package?: string;
  /** Whether it is the application's, and so changes with it. */
  readonly application?: true;
} & (({ readonly fate: 'kept' } & Why) | { readonly fate: 'dropped'; readonly reason: DropReason });

export interface Amount {
  readonly kept: number;
  readonly total: number;
}

/** What becomes of one package. It is listed in the slimmed image unless it is dropped. */
export interface PlanPackage {
  readonly id: string;
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly fate: 'kept' | 'partial' | 'dropped';
  readonly files: Amount;
  readonly bytes: Amount;
}

/** Which paths a slimmed image keeps and drops, each with its reason. */
export interface Plan {
  /** Every path of the image, in order. */
  readonly entries: readonly PlanEntry[];
  /** In the inventory's order. */
  readonly packages: readonly PlanPackage[];
}
