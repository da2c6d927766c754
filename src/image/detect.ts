import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { detectCompression } from '../formats/decompress.ts';
import { type ImageFiles, notAnImage } from './image-files.ts';

/** What a path on disk holds, as far as its first bytes or names tell. */
export type PathKind = 'oci' | 'dir' | 'tar' | 'compressed-tar' | 'json';

/** Tells what lies at a path. Throws `environment.not-found`, `untrusted.empty` or `untrusted.not-an-image`. */
export function detectPath(path: string): PathKind {
  const stat = statOf(path);
  if (stat.isDirectory()) return detectFolder(path);
  if (!stat.isFile()) throw new CinzelError('untrusted.not-an-image', { path });
  if (stat.size === 0) throw new CinzelError('untrusted.empty', { path });
  return detectFile(path);
}

function statOf(path: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw new CinzelError('environment.permission', { path }, { cause });
    throw new CinzelError('environment.not-found', { what: path }, { cause });
  }
}

function detectFolder(path: string): PathKind {
  const has = (name: string): boolean => statSync(join(path, name), { throwIfNoEntry: false }) !== undefined;
  if (has('index.json') || has('oci-layout')) return 'oci';
  if (['etc', 'usr', 'bin', 'var/lib/dpkg', 'lib/apk'].some(has)) return 'dir';
  throw new CinzelError('untrusted.not-an-image', { path });
}

function detectFile(path: string): PathKind {
  const start = firstBytes(path, 512);
  if (/^\s*\{/.test(start.toString('latin1').replace(/^\xef\xbb\xbf/, ''))) return 'json';
  if (detectCompression(start) !== 'plain') return 'compressed-tar';
  if (start.toString('latin1', 257, 262) === 'ustar') return 'tar';
  throw new CinzelError('untrusted.not-an-image', { path });
}

function firstBytes(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    const descriptor = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new CinzelError('environment.permission', { path }, { cause });
  }
}

/** Which of the two archive forms an archive's names tell. `docker save` of newer engines writes both. */
export function detectArchive(files: ImageFiles): 'docker-archive' | 'oci-archive' {
  if (files.has('manifest.json')) return 'docker-archive';
  if (files.has('index.json')) return 'oci-archive';
  throw notAnImage(files);
}
