import type { Digest } from '../../core/digest.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import type { NewLayer } from '../../image/writer/write-image.ts';
import type { Diversions } from '../../inventory/catalogers/dpkg-diversions.ts';
import type { ArchivePackage } from '../../repositories/apt/archive.ts';
import type { Group, User } from '../recipe/model.ts';

/** Users and groups that an image has. */
export interface Accounts {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

/** What dpkg's records say of the paths of an image: where links in them lead, what is at them not followed. */
export interface PathRecords {
  /** The package that brought the file at a path; several where only one of them can have. */
  readonly owners: ReadonlyMap<ImagePath, readonly ArchivePackage[]>;
  readonly diversions: Diversions;
}

/** An image of one platform that another is made on: its layers stay as they are. */
export interface BaseImage {
  /** As the recipe has it. */
  readonly name: string;
  /** Of its manifest. */
  readonly digest: Digest;
  /** Its configuration as it is written (image specification, config.md). */
  readonly config: JsonObject;
  readonly diffIds: readonly Digest[];
  readonly layers: readonly NewLayer[];
  /** Uncompressed bytes of the layers. */
  readonly bytes: number;
  readonly filesystem: Filesystem;
  /** What dpkg's records say is installed. */
  readonly packages: readonly ArchivePackage[];
  readonly records: PathRecords;
  readonly accounts: Accounts;
  /** As os-release has it: `debian13`, `alpine3.22`; absent where it says nothing. */
  readonly distribution?: string;
}
