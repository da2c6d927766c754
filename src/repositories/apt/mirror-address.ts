import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CinzelError } from '../../core/errors.ts';

/** The base address of an archive from what a user typed: an address, or a folder. Throws `usage.value`. */
export function parseMirror(text: string): string {
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  if (/^(file|copy):\//.test(text)) return folderAddress(text);
  if (!/^[a-z][a-z0-9+.-]*:\//i.test(text) && existsSync(text)) return pathToFileURL(resolve(text)).href;
  throw new CinzelError('usage.value', { name: '--mirror', value: text, allowed: 'http://…, https://…, file:/…' });
}

/** `file:/x`, `file:///x` and `copy:/x` mean the same folder to apt (sources.list(5)); its names are not encoded. */
export function folderAddress(text: string): string {
  return pathToFileURL(text.replace(/^(file|copy):\/+/, '/')).href;
}

const recorded = 'recorded:';

/** What stands for an archive's address where none may be told: only what the archive is called. */
export function recordedAddress(archive: string): string {
  return `${recorded}${archive}`;
}

export function isRecorded(address: string): boolean {
  return address.startsWith(recorded);
}

/** The address of an archive in a recipe, which may be one that an image records. Throws `usage.value`. */
export function parseRecipeMirror(text: string): string {
  return isRecorded(text) ? text : parseMirror(text);
}

export function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}

/**
 * The security archive beside a main one, as mirrors and the snapshot archive have it; of one that is laid out
 * otherwise, itself.
 */
export function securitySibling(main: string): string {
  return main.replace(/\/debian(\/\d{8}T\d{6}Z)?$/, '/debian-security$1');
}
