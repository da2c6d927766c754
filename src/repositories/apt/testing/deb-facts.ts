import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { sha256 } from '../../../core/digest.ts';
import type { DebContent } from '../read-deb.ts';

/** What can be compared of a file. */
export interface Fact {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly owner: string;
  readonly link: string;
  readonly content: string;
}

/** What we read. */
export function ourFacts({ files }: DebContent): readonly Fact[] {
  return files.map(({ header, content }) => ({
    name: header.name,
    type: header.type,
    mode: header.mode,
    owner: `${header.uid}:${header.gid}`,
    link: header.link ?? '',
    content: sha256(content),
  }));
}

const types: Readonly<Record<string, string>> = { link: 'hardlink', 'character-device': 'character' };

/** What dpkg itself unpacks from the package, read by another reader of tar. */
export async function dpkgFacts(deb: Uint8Array, folder: string): Promise<readonly Fact[]> {
  const path = join(folder, 'oracle.deb');
  writeFileSync(path, deb);
  const facts: Fact[] = [];
  const tar = extract();
  Readable.from([execFileSync('dpkg-deb', ['--fsys-tarfile', path], { maxBuffer: 1 << 29 })]).pipe(tar);
  for await (const entry of tar) {
    const { name, type, mode, uid, gid, linkname } = entry.header;
    const clean = name.replace(/^\.\//, '').replace(/\/$/, '');
    const content = await buffer(entry);
    if (clean === '') continue;
    facts.push({
      name: clean,
      type: types[type ?? 'file'] ?? type ?? 'file',
      mode: mode ?? 0,
      owner: `${uid}:${gid}`,
      link: type === 'link' ? (linkname ?? '').replace(/^\.\//, '') : (linkname ?? ''),
      content: sha256(content),
    });
  }
  return facts;
}
