/** Bounds on hostile input. Reaching one ends the run with exit code 4 and names the limit. */
export interface Limits {
  /** Entries in one layer. */
  readonly entries: number;
  /** Uncompressed bytes of one layer. */
  readonly layerBytes: number;
  /** Uncompressed over compressed bytes, once `ratioFloor` bytes came out. */
  readonly ratio: number;
  readonly ratioFloor: number;
  /** Bytes of one path. */
  readonly pathBytes: number;
  /** Symbolic links followed while one path is looked up. */
  readonly linkHops: number;
  /** Bytes of a file that a cataloger reads. */
  readonly fileBytes: number;
  /** Bytes of all files of one layer that catalogers read. */
  readonly selectedBytes: number;
  /** Bytes of a manifest, index or image configuration. */
  readonly documentBytes: number;
}

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

export const defaultLimits: Limits = {
  entries: 2_000_000,
  layerBytes: 16 * GiB,
  ratio: 1_000,
  ratioFloor: GiB,
  pathBytes: 4_096,
  linkHops: 40,
  fileBytes: 256 * MiB,
  selectedBytes: GiB,
  documentBytes: 16 * MiB,
};
