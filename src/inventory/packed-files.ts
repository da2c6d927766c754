import { decodeName, encodeName } from '../core/path.ts';
import type { OwnedFile } from './model.ts';

/**
 * Lists of owned files by package id, packed: an image has some 100,000 such paths, and few runs look at them.
 *
 * Bytes: a line of JSON, `[id, length][]`, then the lists. A file is three texts, each ended by NUL: how many
 * characters its path shares with the one before, the rest of the path, and the hash, which may be empty.
 */
export type PackedFiles = Uint8Array;

/** Packs lists one by one, so that no two need to be in memory unpacked. */
export class FilePacker {
  readonly #index: (readonly [id: string, length: number])[] = [];
  readonly #lists: Uint8Array[] = [];

  add(id: string, files: readonly OwnedFile[]): void {
    let previous = '';
    let text = '';
    for (const { path, hash = '' } of files) {
      const shared = sharedLength(previous, path);
      text += `${shared}\0${path.slice(shared)}\0${hash}\0`;
      previous = path;
    }
    const list = encodeName(text);
    this.#index.push([id, list.length]);
    this.#lists.push(list);
  }

  finish(): PackedFiles {
    return Buffer.concat([Buffer.from(`${JSON.stringify(this.#index)}\n`), ...this.#lists]);
  }
}

/** Never between the two halves of a character, which could not be encoded apart. */
function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  const last = length === 0 ? 0 : b.charCodeAt(length - 1);
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}

/** The lists of bytes that FilePacker made. */
export function unpackFiles(packed: PackedFiles): ReadonlyMap<string, readonly OwnedFile[]> {
  const files = new Map<string, readonly OwnedFile[]>();
  let start = packed.indexOf(10) + 1;
  const index = JSON.parse(Buffer.from(packed.subarray(0, start)).toString('utf8')) as readonly [string, number][];
  for (const [id, length] of index) {
    files.set(id, unpackList(packed.subarray(start, start + length)));
    start += length;
  }
  return files;
}

function unpackList(list: Uint8Array): readonly OwnedFile[] {
  const texts = decodeName(list).split('\0');
  const files: OwnedFile[] = [];
  let path = '';
  for (let index = 0; index + 3 <= texts.length - 1; index += 3) {
    path = path.slice(0, Number(texts[index])) + texts[index + 1];
    const hash = texts[index + 2] ?? '';
    files.push(hash === '' ? { path } : { path, hash });
  }
  return files;
}
