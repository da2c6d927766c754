/**
 * Paths inside an image: absolute, `/`-separated, without `.`, `..`, doubled or trailing slashes; the root is `/`.
 *
 * Names are bytes on Linux. Valid UTF-8 is decoded as such; each byte that is not becomes a lone surrogate
 * U+DC80–U+DCFF (as Python's PEP 383 does), so that decoding and encoding are lossless.
 */
export type ImagePath = string;

export const rootPath: ImagePath = '/';

/**
 * The image path that an archive's or user's name means, or undefined when it leaves the root (`..` past the top)
 * or holds a NUL byte.
 */
export function normalizePath(name: string): ImagePath | undefined {
  if (name.includes('\0')) return undefined;
  if (isClean(name)) return name;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `/${parts.join('/')}`;
}

function isClean(name: string): boolean {
  return name.charCodeAt(0) === 47 && !/\/(?:\.{0,2}(?:\/|$))/.test(name);
}

/** The directory that holds the path; the root is its own parent. */
export function parentPath(path: ImagePath): ImagePath {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? rootPath : path.slice(0, slash);
}

/** The last component; empty for the root. */
export function baseName(path: ImagePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of a name below a directory; the name must be relative and clean. */
export function joinPath(directory: ImagePath, name: string): ImagePath {
  return directory === rootPath ? `/${name}` : `${directory}/${name}`;
}

/** Decodes a name's bytes; see ImagePath for bytes that are not UTF-8. */
export function decodeName(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return text.includes('\uFFFD') && !Buffer.from(text, 'utf8').equals(buffer) ? decodeEscaped(buffer) : text;
}

function decodeEscaped(buffer: Buffer): string {
  let text = '';
  let index = 0;
  while (index < buffer.length) {
    const length = sequenceLength(buffer, index);
    if (length === 0) text += String.fromCharCode(0xdc00 + (buffer[index] ?? 0));
    else text += buffer.toString('utf8', index, index + length);
    index += length || 1;
  }
  return text;
}

/** Length of the valid UTF-8 sequence at the index, or 0 (Unicode standard, table 3-7). */
function sequenceLength(buffer: Buffer, index: number): number {
  const first = buffer[index] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const part = buffer.subarray(index, index + length);
  return part.length === length && Buffer.from(part.toString('utf8'), 'utf8').equals(part) ? length : 0;
}

/** The bytes of a decoded name; the inverse of decodeName. */
export function encodeName(name: string): Uint8Array {
  if (!/[\uDC80-\uDCFF]/.test(name)) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    const escaped = code >= 0xdc80 && code <= 0xdcff;
    parts.push(escaped ? Buffer.of(code - 0xdc00) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}
