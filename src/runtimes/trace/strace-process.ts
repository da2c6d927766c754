import { decodeName, type ImagePath, normalizePath } from '../../core/path.ts';
import type { Use } from './trace-of.ts';

/*
 * A line of strace (1), written with -y, is `call(arguments) = result`. A path in it is a quoted string with escapes as C
 * has them; a descriptor is a number with its path, as in `3</etc>`, the working directory `AT_FDCWD</app>`.
 */

/** Whether the line is of a process that makes the sandbox, and not of one in it. */
export function isSandbox(line: string): boolean {
  return line.startsWith('pivot_root(') || /^execve\("[^"]*\/bwrap"/.test(line);
}

const quoted = /"((?:[^"\\]|\\.)*)"/;
/** Calls that change what their path names; of two paths the second is where something comes to be. */
const changes =
  /^(?:mkdir|rmdir|unlink|rename|link|symlink|mknod|truncate|chmod|fchmodat|chown|lchown|fchownat|utime|setxattr|creat)/;
const inVain = / = -1 ENOENT\b/;

/** Follows the log of one process, whose relative paths depend on where it is. */
export class StraceProcess {
  #folder: ImagePath;

  constructor(folder: ImagePath) {
    this.#folder = folder;
  }

  read(line: string): readonly Use[] {
    const [, call = ''] = /^(\w+)\(/.exec(line) ?? [];
    const [, here] = /\(AT_FDCWD<([^>]*)>/.exec(line) ?? [];
    if (here?.startsWith('/') === true) this.#folder = decode(here);
    if (call === 'chdir' || call === 'fchdir') return this.#move(call, line);
    const path = this.#pathOf(line);
    if (path === undefined) return [];
    const failed = / = -1 E/.test(line);
    if (call === 'execve' || call === 'execveat') {
      if (inVain.test(line)) return [{ path, kind: 'missed' }];
      return failed ? [] : [{ path, kind: 'executed' }];
    }
    if (/^open(?:at2?)?$/.test(call)) return openUses(path, line, failed);
    if (changes.test(call)) return failed ? [] : this.#changed(line, path);
    if (inVain.test(line)) return [{ path, kind: 'absent' }];
    return failed ? [] : [{ path, kind: 'looked' }];
  }

  #move(call: string, line: string): readonly Use[] {
    if (/ = -1 /.test(line)) {
      const path = this.#pathOf(line);
      return path !== undefined && inVain.test(line) ? [{ path, kind: 'absent' }] : [];
    }
    const path = call === 'chdir' ? this.#pathOf(line) : absolute(/^fchdir\(\d+<([^>]*)>/.exec(line)?.[1]);
    if (path === undefined) return [];
    this.#folder = path;
    return [{ path, kind: 'looked' }];
  }

  #changed(line: string, first: ImagePath): readonly Use[] {
    const isPair = /^(?:rename|link|symlink)/.test(line);
    const second = isPair ? this.#pathOf(line.slice(quotedEnd(line))) : undefined;
    const isNew = /^(?:link|symlink)/.test(line);
    return [...(isNew ? [] : [first]), ...(second === undefined ? [] : [second])].map((path) => ({
      path,
      kind: 'written',
    }));
  }

  /** The first path of a call, absolute; undefined when there is none, or it is that of an open descriptor. */
  #pathOf(line: string): ImagePath | undefined {
    const [matched, text = ''] = quoted.exec(line) ?? [];
    if (matched === undefined || text === '') return undefined;
    const path = decode(text);
    if (path.startsWith('/')) return normalizePath(path);
    const [, folder] = /\d+<([^>]*)>, $/.exec(line.slice(0, line.indexOf(matched))) ?? [];
    return normalizePath(`${folder === undefined ? this.#folder : decode(folder)}/${path}`);
  }
}

function openUses(path: ImagePath, line: string, failed: boolean): readonly Use[] {
  if (inVain.test(line)) return [{ path, kind: 'missed' }];
  if (failed) return [];
  const writes = /\bO_(?:WRONLY|RDWR|CREAT|TRUNC)\b/.test(line);
  // What is made anew was not there to be opened, but that cannot be told; it is of no use to what reads the trace.
  return writes
    ? [
        { path, kind: 'opened' },
        { path, kind: 'written' },
      ]
    : [{ path, kind: 'opened' }];
}

function quotedEnd(line: string): number {
  const match = quoted.exec(line);
  return match === null ? line.length : match.index + match[0].length;
}

function absolute(text: string | undefined): ImagePath | undefined {
  return text?.startsWith('/') === true ? normalizePath(decode(text)) : undefined;
}

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, '"': 34, '\\': 92 };

/** The name that an escaped string of bytes means. */
function decode(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  for (const [, octal, letter = '', plain = ''] of text.matchAll(/\\([0-7]{1,3})|\\(.)|([^\\])/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(plain === '' ? (escapes[letter] ?? letter.charCodeAt(0)) : plain.charCodeAt(0));
  }
  return decodeName(Uint8Array.from(bytes));
}
