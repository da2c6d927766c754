import type { LayerCompression } from '../distroless/make-layers.ts';
import type { ProfileKind } from '../distroless/profiles/kinds.ts';
import type { ProofOptions } from './prove-behaviour.ts';

/** Where a recipe is written. */
export interface RecipePlace {
  readonly file: string;
  /** What its first lines say, for people. */
  readonly note: readonly string[];
}

/** How an image is slimmed. */
export interface SlimOptions {
  /** As `-o` names it; absent makes a plan and no image. */
  readonly destination?: string;
  /** Repository and tag, or a tag; the source's tag with `-slim` without it. */
  readonly tag?: string;
  readonly compression: LayerCompression;
  /** Folders that are the application's besides those that are found. */
  readonly application: readonly string[];
  /** Whether reach alone decides about the application too. */
  readonly strict: boolean;
  /**
   * The user that the slimmed image runs as, the source's without it: `nonroot` is 65532, who is made; `auto` is the same
   * where nothing that was read needs root, and the source's where something does.
   */
  readonly user?: string;
  /** Whether SBOMs, provenance and VEX are attached where the destination has a place for them; yes without it. */
  readonly documents?: boolean;
  /** Runs the source and the slimmed image and compares them; nothing is run without. */
  readonly proof?: ProofOptions;
  /** Whether files that the source is seen to use while the contract is played are kept too. */
  readonly trace?: boolean;
  /** Files with traces of earlier runs. */
  readonly traceFiles?: readonly string[];
  /** Whether an image that behaves otherwise is written all the same. */
  readonly writeAnyway?: boolean;
  /** Documents that confine the slimmed image, to be in the report. Those that only a run can tell need `trace`. */
  readonly profiles?: readonly ProfileKind[];
  /** Whether the image keeps an entrypoint that only hands on to the command that it comes down to. */
  readonly keepEntrypoint?: boolean;
  /** The build recipe that makes the slimmed image from packages. */
  readonly recipe?: RecipePlace;
  /** File of the private key that signs the image and its documents. */
  readonly sign?: string;
}
