import { type ImagePath, normalizePath } from '../../core/path.ts';

/** Whether the path that a package's record names is kept, wherever links or diversions put it. */
export type IsKept = (path: ImagePath) => boolean;

/** The lines of a package's list of files and folders (dpkg-query(1), `--listfiles`) of which something is kept. */
export function rewriteList(text: string, isKept: IsKept): string {
  return rewriteLines(text, (line) => (line === '/.' ? '/' : line), isKept);
}

/** The lines of a package's md5sums (deb-md5sums(5)) whose files are kept. */
export function rewriteSums(text: string, isKept: IsKept): string {
  return rewriteLines(text, (line) => (line.length > 34 ? `/${line.slice(34)}` : ''), isKept);
}

function rewriteLines(text: string, pathOf: (line: string) => string, isKept: IsKept): string {
  const lines = text.split('\n').filter((line) => {
    const name = pathOf(line);
    const path = name.startsWith('/') ? normalizePath(name) : undefined;
    return path !== undefined && isKept(path);
  });
  return lines.map((line) => `${line}\n`).join('');
}
