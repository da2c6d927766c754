import { existsSync } from 'node:fs';
import { parseGivenName } from '../image/reference.ts';

/** What a slimmed image is called. */
export interface SlimName {
  /** For engines and their archives: repository and tag. */
  readonly name: string;
  readonly tag: string;
}

/**
 * The name of a slimmed image: what is given of repository and tag; else the source's, its tag or that of the destination with
 * `-slim` after it. A file's own name is none. Throws `usage.reference` for what is no name.
 */
export function slimName(source: string, given: string | undefined, destinationTag?: string): SlimName {
  const wanted = given === undefined ? {} : parseGivenName(given);
  const { repository, tag: own } = splitName(source);
  const tag = wanted.tag ?? destinationTag ?? `${own}-slim`;
  return { name: `${wanted.name ?? (isFileName(source) ? 'image' : repository)}:${tag}`, tag };
}

/** Whether an image is called by the file that it came in. */
export function isFileName(name: string): boolean {
  return existsSync(splitName(name).repository) || existsSync(name);
}

/** Repository and tag of a name; `latest` where it has no tag. */
function splitName(name: string): { readonly repository: string; readonly tag: string } {
  const [, repository = name, tag = 'latest'] = /^(.*):(\w[\w.-]{0,127})$/.exec(name.replace(/@.*$/, '')) ?? [];
  return { repository, tag };
}
