import type { ImagePath } from '../core/path.ts';
import type { FileEntry } from '../filesystem/model.ts';
import type { OwnedFile } from './model.ts';

interface OpenLocation {
  readonly id: string;
  readonly prefix: string;
  readonly files: OwnedFile[];
  size: number;
}

/** Takes what one location holds, and the sum of its files' sizes in bytes. */
export type LocationListener = (id: string, files: readonly OwnedFile[], size: number) => void;

/**
 * Gives the files of packages that own a folder, while the filesystem's entries pass by in order: each to the innermost
 * package, so that `a/node_modules/b/x` is b's and not a's.
 */
export class LocationCollector {
  readonly #ids: ReadonlyMap<ImagePath, string>;
  readonly #listener: LocationListener;
  readonly #open: OpenLocation[] = [];

  /** Package ids by their location. */
  constructor(ids: ReadonlyMap<ImagePath, string>, listener: LocationListener) {
    this.#ids = ids;
    this.#listener = listener;
  }

  visit({ path, type, size }: FileEntry): void {
    this.#close((prefix) => !path.startsWith(prefix));
    if (type === 'directory') {
      const id = this.#ids.get(path);
      if (id !== undefined) this.#open.push({ id, prefix: `${path}/`, files: [], size: 0 });
      return;
    }
    const innermost = this.#open.at(-1);
    if (innermost === undefined) return;
    innermost.files.push({ path });
    innermost.size += type === 'file' ? size : 0;
  }

  finish(): void {
    this.#close(() => true);
  }

  #close(isLeft: (prefix: string) => boolean): void {
    for (let last = this.#open.at(-1); last !== undefined && isLeft(last.prefix); last = this.#open.at(-1)) {
      this.#open.pop();
      this.#listener(last.id, last.files, last.size);
    }
  }
}
