import { CinzelError } from '../../core/errors.ts';
import type { Distribution } from '../../inventory/model.ts';
import type { ArchiveKey } from '../../signing/archive-key.ts';

/** One suite of an archive, as `dists/NAME` has it. */
export interface Suite {
  /** `main` and `security` are Debian's; any other name is one of `Mirrors.others`. */
  readonly archive: string;
  readonly name: string;
  /** Its own, where they are not those of the others. */
  readonly components?: readonly string[];
  readonly keys?: readonly ArchiveKey[];
}

interface DebianRelease {
  readonly version: string;
  readonly codename: string;
  /** Whether its support has ended, long-term support included (wiki.debian.org/LTS). */
  readonly ended?: true;
}

/** Debian's releases that we read archives of (debian.org/releases). */
const releases: readonly DebianRelease[] = [
  { version: '10', codename: 'buster', ended: true },
  { version: '11', codename: 'bullseye', ended: true },
  { version: '12', codename: 'bookworm' },
  { version: '13', codename: 'trixie' },
  { version: '14', codename: 'forky' },
];

/** Suites that have neither updates nor a security archive: new versions go into them directly. */
const rolling = new Set(['sid', 'unstable', 'experimental']);

/** The codename of a Debian release; undefined for other distributions and for releases that are not known. */
export function debianCodename({
  id,
  versionId,
  codename,
}: Pick<Distribution, 'id' | 'versionId' | 'codename'>): string | undefined {
  if (id !== 'debian') return undefined;
  const version = versionId?.split('.')[0];
  return releases.find((known) => known.version === version || known.codename === codename)?.codename;
}

/**
 * The suites in which a release gets new versions: itself, its updates, and its security archive, where LTS goes on
 * too. Until Debian 10 that was called `NAME/updates`.
 */
export function suitesOf(name: string): readonly Suite[] {
  if (rolling.has(name)) return [{ archive: 'main', name }];
  return [
    { archive: 'main', name },
    { archive: 'main', name: `${name}-updates` },
    { archive: 'security', name: name === 'buster' ? 'buster/updates' : `${name}-security` },
  ];
}

/** Every component of Debian's archive. A release lists those that it has; older ones have no `non-free-firmware`. */
export const debianComponents: readonly string[] = ['main', 'contrib', 'non-free', 'non-free-firmware'];

/** Throws `usage.end-of-life` when a suite belongs to a release whose support has ended. */
export function checkSupported(suites: readonly Suite[]): void {
  for (const { name } of suites) {
    const ended = releases.find((release) => release.ended && release.codename === name.split(/[-/]/)[0]);
    if (ended !== undefined) throw new CinzelError('usage.end-of-life', { release: `Debian ${ended.version}` });
  }
}
