import { createHash } from 'node:crypto';

/** Longer contents are told by their hash. */
const textLimit = 256 * 1024;

/**
 * Content as it is compared: a text as it is, JSON with a value a line so that one that varies can be told from the
 * others, anything else by its hash.
 */
export function contentText(bytes: Uint8Array, type = ''): string {
  const buffer = Buffer.from(bytes);
  const text = buffer.length <= textLimit ? buffer.toString('utf8') : undefined;
  if (text === undefined || !Buffer.from(text, 'utf8').equals(buffer)) {
    return `sha256:${createHash('sha256').update(buffer).digest('hex')} (${buffer.length} bytes)`;
  }
  return /\bjson\b/.test(type) ? (prettyJson(text) ?? text) : text;
}

function prettyJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 1);
  } catch {
    return undefined;
  }
}
