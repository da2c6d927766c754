import { CinzelError } from '../core/errors.ts';
import type { Platform } from '../image/model.ts';

/** A processor as OCI and as Debian name it (deb-architecture; image specification, "Platform variants"). */
export interface Architecture {
  readonly name: string;
  readonly debian: string;
  readonly variant?: string;
}

const known: readonly Architecture[] = [
  { name: 'amd64', debian: 'amd64' },
  { name: 'arm64', debian: 'arm64', variant: 'v8' },
  { name: 'arm', debian: 'armhf', variant: 'v7' },
  { name: '386', debian: 'i386' },
  { name: 'ppc64le', debian: 'ppc64el' },
  { name: 's390x', debian: 's390x' },
  { name: 'riscv64', debian: 'riscv64' },
];

export const architectureNames: readonly string[] = known.map(({ name }) => name);

export function findArchitecture(name: string): Architecture | undefined {
  return known.find((architecture) => architecture.name === name);
}

/** One that a user names. Throws `usage.value`. */
export function knownArchitecture(name: string): Architecture {
  const found = findArchitecture(name);
  if (found !== undefined) return found;
  throw new CinzelError('usage.value', { name: '--arch', value: name, allowed: architectureNames.join(', ') });
}

export function platformOf({ name, variant }: Architecture): Platform {
  return { os: 'linux', architecture: name, ...(variant === undefined ? {} : { variant }) };
}
