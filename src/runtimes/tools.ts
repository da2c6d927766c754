import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';

/** The Debian package that each tool comes in; other distributions name most of them so too. */
const packages = {
  bwrap: 'bubblewrap',
  docker: 'docker.io',
  ldd: 'libc-bin',
  nsenter: 'util-linux',
  podman: 'podman',
  setpriv: 'util-linux',
  strace: 'strace',
  tar: 'tar',
  unshare: 'util-linux',
} as const;

export type Tool = keyof typeof packages;

/** Finds a program of this machine. Throws `environment.missing-tool` with how to install it. */
export function findTool(tool: Tool, environment: NodeJS.ProcessEnv): string {
  for (const folder of [...(environment['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const path = join(folder, tool);
    if (folder !== '' && isExecutable(path)) return path;
  }
  throw new CinzelError('environment.missing-tool', { tool, install: `apt-get install ${packages[tool]}` });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
