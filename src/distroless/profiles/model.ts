import type { Filesystem } from '../../filesystem/model.ts';
import type { ImageConfig } from '../../image/model.ts';
import type { Plan } from '../../reach/plan/model.ts';
import type { Account } from '../../runtimes/account.ts';
import type { Trace } from '../../runtimes/trace/model.ts';
import type { RootNeed } from '../slim/nonroot.ts';

/** What is known of a slimmed image that somebody wants to confine. */
export interface ProfileFacts {
  /** Repository and tag, as engines are to know it. */
  readonly name: string;
  /** As OCI names it: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly config: ImageConfig;
  /** Whom it runs as. */
  readonly account: Account;
  /** What of it needs root, as far as reading tells. */
  readonly needs: readonly RootNeed[];
  readonly plan: Plan;
  /** The source's, whose modes and links the slimmed image has. */
  readonly filesystem: Filesystem;
  /** What its source did while a contract was played; absent when nothing ran. */
  readonly trace?: Trace;
}

/** A document that confines an image, for one kind of enforcer. */
export interface Profile {
  readonly render: (facts: ProfileFacts) => string | Promise<string>;
}
