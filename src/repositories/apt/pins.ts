import type { Release } from './release.ts';

/** A rule that raises or lowers versions of packages, as a record of apt_preferences(5) does. */
export interface Pin {
  /** Names or globs of packages; `src:NAME` means all that were built from a source; `*` alone is the general form. */
  readonly packages: readonly string[];
  /** Which versions: a glob of the version itself, or facts of the release that has it; all when both are absent. */
  readonly version?: string;
  readonly release?: PinnedRelease;
  /** Higher goes first, whatever the version; below zero a version is never taken. */
  readonly priority: number;
}

/** Facts of a release that must all fit; globs (apt_preferences(5), "Determination of Package Version and Distribution Properties"). */
export interface PinnedRelease {
  readonly suite?: string;
  readonly codename?: string;
  readonly version?: string;
  readonly origin?: string;
  readonly label?: string;
  readonly component?: string;
}

/** What pins look at. */
export interface PinSubject {
  readonly name: string;
  readonly source: string;
  readonly version: string;
  /** Every place that has this version. */
  readonly places: readonly PinPlace[];
}

export interface PinPlace {
  readonly component: string;
  readonly release: Pick<
    Release,
    'suite' | 'codename' | 'version' | 'origin' | 'label' | 'notAutomatic' | 'automaticUpgrades'
  >;
}

/**
 * The priority of a version: the first pin that names its package, else the highest of its places, each by the first
 * general pin, else by what its release says of itself.
 */
export function pinPriority(subject: PinSubject, pins: readonly Pin[]): number {
  const own = pins.find(
    (pin) =>
      !isGeneral(pin) &&
      pin.packages.some((pattern) => namesPackage(pattern, subject)) &&
      subject.places.some((place) => fitsPlace(pin, subject, place)),
  );
  if (own !== undefined) return own.priority;
  return Math.max(...subject.places.map((place) => placePriority(place, subject, pins)));
}

function placePriority(place: PinPlace, subject: PinSubject, pins: readonly Pin[]): number {
  const general = pins.find((pin) => isGeneral(pin) && fitsPlace(pin, subject, place));
  if (general !== undefined) return general.priority;
  if (!place.release.notAutomatic) return 500;
  return place.release.automaticUpgrades ? 100 : 1;
}

function isGeneral({ packages }: Pin): boolean {
  return packages.length === 1 && packages[0] === '*';
}

function namesPackage(pattern: string, { name, source }: PinSubject): boolean {
  return pattern.startsWith('src:') ? fits(pattern.slice(4), source) : fits(pattern, name);
}

function fitsPlace({ version, release = {} }: Pin, subject: PinSubject, place: PinPlace): boolean {
  if (version !== undefined && !fits(version, subject.version)) return false;
  const facts = { ...place.release, component: place.component };
  return Object.entries(release).every(([key, glob]) => fits(glob, facts[key as keyof PinnedRelease]));
}

/** Whether text is what a shell pattern of `*` and `?` means. */
function fits(glob: string, text: string): boolean {
  if (!/[*?]/.test(glob)) return glob === text;
  const pattern = glob.replace(/[.*+?^${}()|[\]\\]/g, (part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : `\\${part}`;
  });
  return new RegExp(`^${pattern}$`, 's').test(text);
}
