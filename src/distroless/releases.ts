import type { Suite } from '../repositories/apt/suites.ts';
import { suitesOf } from '../repositories/apt/suites.ts';

/** A Debian release that images can be made of. */
export interface DebianRelease {
  readonly id: string;
  readonly version: string;
  readonly codename: string;
  /** Whether its packages expect /bin, /lib and /sbin to be links into /usr (wiki.debian.org/UsrMerge). */
  readonly mergedUsr: boolean;
}

/** The releases, newest stable first. */
export const releases = [
  { id: 'debian13', version: '13', codename: 'trixie', mergedUsr: true },
  { id: 'debian12', version: '12', codename: 'bookworm', mergedUsr: false },
] as const satisfies readonly DebianRelease[];

export type ReleaseId = (typeof releases)[number]['id'];

export const newestRelease: DebianRelease = releases[0];

export function findRelease(id: string): DebianRelease | undefined {
  return releases.find((release) => release.id === id);
}

/** The suites by the names of a recipe; all of the release when it names none. */
export function recipeSuites({ codename }: DebianRelease, names: readonly string[] | undefined): readonly Suite[] {
  if (names === undefined) return suitesOf(codename);
  return names.map((name) => ({ archive: name.endsWith('-security') ? 'security' : 'main', name }));
}
