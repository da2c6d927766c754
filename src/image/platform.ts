import { arch } from 'node:os';
import { CinzelError } from '../core/errors.ts';
import { type Descriptor, formatPlatform, type Platform } from './model.ts';

/** Node's names of architectures as OCI, that is Go, has them. */
const architectures: Readonly<Record<string, Omit<Platform, 'os'>>> = {
  x64: { architecture: 'amd64' },
  ia32: { architecture: '386' },
  arm64: { architecture: 'arm64' },
  arm: { architecture: 'arm', variant: 'v7' },
  ppc64: { architecture: 'ppc64le' },
  loong64: { architecture: 'loong64' },
  riscv64: { architecture: 'riscv64' },
  s390x: { architecture: 's390x' },
};

/** Other spellings that people type. */
const spellings: Readonly<Record<string, Omit<Platform, 'os'>>> = {
  x86_64: { architecture: 'amd64' },
  'x86-64': { architecture: 'amd64' },
  i386: { architecture: '386' },
  aarch64: { architecture: 'arm64' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v6' },
};

/** The platform of images that run here: Linux on this machine's architecture. */
export function hostPlatform(): Platform {
  return { os: 'linux', ...(architectures[arch()] ?? { architecture: arch() }) };
}

/** Reads `linux/arm/v7`, `linux/amd64` or just `arm64`. Throws `usage.value`. */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  const [os, name, variant] = parts.length === 1 ? ['linux', ...parts] : parts;
  if (
    parts.length > 3 ||
    !parts.every((part) => /^[a-z0-9._-]+$/.test(part)) ||
    os === undefined ||
    name === undefined
  ) {
    throw new CinzelError('usage.value', {
      name: '--platform',
      value: text,
      allowed: 'linux/amd64, linux/arm/v7, arm64 …',
    });
  }
  const known = spellings[name] ?? { architecture: name };
  return { os, ...known, ...(variant === undefined ? {} : { variant }) };
}

/** Whether an image of one platform serves a wish for another; a variant counts only where both have one. */
export function matchesPlatform(has: Platform, wanted: Platform): boolean {
  if (has.os !== wanted.os || has.architecture !== wanted.architecture) return false;
  return has.variant === undefined || wanted.variant === undefined || has.variant === wanted.variant || isImplied(has);
}

/** Throws `usage.platform` unless an image of one platform serves a wish, if there is any, for another. */
export function requirePlatform(has: Platform, wanted: Platform | undefined): void {
  if (wanted === undefined || matchesPlatform(has, wanted)) return;
  throw new CinzelError('usage.platform', { wanted: formatPlatform(wanted), available: formatPlatform(has) });
}

/** arm64 is v8 whether it says so or not. */
function isImplied({ architecture, variant }: Platform): boolean {
  return architecture === 'arm64' && variant === 'v8';
}

/**
 * The manifest to use of several. Without a wish, it is the host's, unless there is just one. Attestations and other
 * entries that are for no platform are never chosen. Throws `usage.platform` that lists what there is.
 */
export function selectPlatform(manifests: readonly Descriptor[], wanted: Platform | undefined): Descriptor {
  const images = manifests.filter(isImage);
  const [only] = images;
  if (only !== undefined && images.length === 1 && (wanted === undefined || only.platform === undefined)) return only;
  const target = wanted ?? hostPlatform();
  const matching = images.filter(({ platform }) => platform !== undefined && matchesPlatform(platform, target));
  const chosen = bestVariant(matching, target);
  if (chosen !== undefined) return chosen;
  const available = images.flatMap(({ platform }) => (platform === undefined ? [] : [formatPlatform(platform)]));
  throw new CinzelError('usage.platform', {
    wanted: formatPlatform(target),
    available: available.length === 0 ? '–' : [...new Set(available)].sort().join(', '),
  });
}

/** The platforms that manifests are for, each once, as they are listed. */
export function platformsOf(manifests: readonly Descriptor[]): readonly Platform[] {
  const byName = new Map<string, Platform>();
  for (const { platform } of manifests.filter(isImage))
    if (platform !== undefined) byName.set(formatPlatform(platform), platform);
  return [...byName.values()];
}

/** Attestations have an artifact type, or are for the platform `unknown/unknown`. */
function isImage({ platform, artifactType }: Descriptor): boolean {
  return artifactType === undefined && platform?.architecture !== 'unknown';
}

/** The same variant if there is one, else the newest. */
function bestVariant(matching: readonly Descriptor[], target: Platform): Descriptor | undefined {
  const same = matching.find(({ platform }) => platform?.variant === target.variant);
  return same ?? [...matching].sort((a, b) => ((a.platform?.variant ?? '') < (b.platform?.variant ?? '') ? 1 : -1))[0];
}
