import { decodeName, type ImagePath } from '../../../core/path.ts';
import type { Filesystem } from '../../../filesystem/model.ts';
import { parseDeb822 } from '../../../formats/deb822.ts';
import { readDiversions } from '../../../inventory/catalogers/dpkg-diversions.ts';
import { partialField } from '../dpkg-status.ts';

/** What dpkg's own records say of files besides who owns them. */
export interface DpkgRecords {
  /** By path, the checksums of configuration files as their packages bring them. */
  readonly conffiles: ReadonlyMap<ImagePath, string>;
  /** Where diverted files lie. */
  readonly diverted: ReadonlySet<ImagePath>;
  /** Packages of which an earlier slimming left a part, so that their lists are no longer whole. */
  readonly partial: ReadonlySet<string>;
}

/** Reads dpkg's status (deb822) and diversions. */
export async function readDpkgRecords(filesystem: Filesystem): Promise<DpkgRecords> {
  const status = await filesystem.read('/var/lib/dpkg/status');
  const conffiles = new Map<ImagePath, string>();
  const partial = new Set<string>();
  for (const stanza of parseDeb822(decodeName(status ?? new Uint8Array()))) {
    const name = stanza.get('Package');
    if (name !== undefined && stanza.get(partialField) !== undefined) partial.add(name);
    for (const line of stanza.get('Conffiles')?.split('\n') ?? []) {
      const [, path, sum] = /^\s*(\/.*) ([0-9a-f]{32})$/.exec(line) ?? [];
      if (path !== undefined && sum !== undefined) conffiles.set(path, `md5:${sum}`);
    }
  }
  const diverted = new Set([...(await readDiversions(filesystem)).values()].map(({ to }) => to));
  return { conffiles, diverted, partial };
}
