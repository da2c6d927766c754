import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../core/digest.ts';
import type { Filesystem } from '../model.ts';

/** What a tool must agree with: path → type, mode, and link or digest of the content. */
export type Listing = Record<string, string>;

/** Of a merged filesystem. */
export async function listingOf(filesystem: Filesystem): Promise<Listing> {
  const listing: Listing = {};
  for (const entry of filesystem.entries()) {
    if (entry.path === '/') continue;
    const kind = entry.type === 'hardlink' ? 'file' : entry.type;
    const mode = entry.type === 'symlink' ? '' : entry.mode.toString(8);
    const content = kind === 'file' ? sha256((await filesystem.read(entry.path)) ?? 'none') : '';
    listing[entry.path] = [kind, mode, kind === 'symlink' ? entry.link : content].join(' ');
  }
  return listing;
}

/** The same, of a folder on disk. */
export function listingOfFolder(root: string, path = ''): Listing {
  const listing: Listing = {};
  for (const name of readdirSync(join(root, path))) {
    const at = `${path}/${name}`;
    const stat = lstatSync(join(root, at));
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) listing[at] = `symlink  ${readlinkSync(join(root, at))}`;
    else if (stat.isDirectory()) Object.assign(listing, { [at]: `directory ${mode} ` }, listingOfFolder(root, at));
    else if (stat.isFile()) listing[at] = `file ${mode} ${sha256(readFileSync(join(root, at)))}`;
    else listing[at] = `${stat.isFIFO() ? 'fifo' : 'character'} ${mode} `;
  }
  return listing;
}
