/** The version orders that exist; each is one file in this folder. */
export type SchemeId = 'deb' | 'apk' | 'rpm' | 'semver' | 'pep440' | 'gem' | 'composer' | 'maven' | 'nuget' | 'go';

/** A total order over version strings; it never throws. */
export interface VersionScheme {
  readonly id: SchemeId;
  readonly displayName: string;
  /** The specification or reference implementation of the order. */
  readonly specification: string;
  /** Whether the scheme's own tools accept the string. */
  readonly isValid: (version: string) => boolean;
  /** Negative, zero or positive. Strings that have no place in the order sort below those that have, as text. */
  readonly compare: (a: string, b: string) => number;
}
