import type { ImagePath } from '../../core/path.ts';

/** What programs did with an image's files while they were watched. Each list is in order and has no path twice. */
export interface Trace {
  readonly schemaVersion: 1;
  /** Files and folders that were opened, links in them not followed. */
  readonly opened: readonly ImagePath[];
  readonly executed: readonly ImagePath[];
  /** Asked about and there, but not opened. */
  readonly looked: readonly ImagePath[];
  /** Opened or executed in vain. */
  readonly missed: readonly ImagePath[];
  /** Asked about in vain. */
  readonly absent: readonly ImagePath[];
  /** Made, changed, renamed to or removed. */
  readonly written: readonly ImagePath[];
  /** Names of system calls; absent where not all of them were watched. */
  readonly calls?: readonly string[];
}
