import { existsSync } from 'node:fs';

/** The name for engines and their archives; a file's own name is none. */
export function slimName(name: string): string {
  const { repository, tag } = splitName(name);
  return `${isFileName(name) ? 'image' : repository}:${tag}-slim`;
}

/** Whether an image is called by the file that it came in. */
export function isFileName(name: string): boolean {
  return existsSync(splitName(name).repository) || existsSync(name);
}

/** Repository and tag of a name; `latest` where it has no tag. */
export function splitName(name: string): { readonly repository: string; readonly tag: string } {
  const [, repository = name, tag = 'latest'] = /^(.*):(\w[\w.-]{0,127})$/.exec(name.replace(/@.*$/, '')) ?? [];
  return { repository, tag };
}
