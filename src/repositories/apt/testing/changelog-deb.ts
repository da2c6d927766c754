import { gzipSync } from 'node:zlib';
import { makeDeb } from './make-deb.ts';

/** A .deb that holds nothing but a changelog, where Debian's packages have it. */
export function changelogDeb(name: string, changelog: string): Buffer {
  const content = gzipSync(changelog);
  return makeDeb({ control: {}, files: [{ name: `usr/share/doc/${name}/changelog.Debian.gz`, content }] });
}
