import { normalizePythonName } from '../inventory/purl.ts';
import type { SchemeId } from '../versions/scheme.ts';

/** What matching must know about an OSV ecosystem (ossf.github.io/osv-schema, "Defined ecosystems"). */
export interface EcosystemTraits {
  /** The order of its versions; absent where nothing but equality is defined. */
  readonly scheme?: SchemeId;
  /** The form in which a package's name is looked up. */
  readonly normalizeName: (name: string) => string;
  /** The names under which a record that names a package is stored. */
  readonly spellings: (name: string) => readonly string[];
  /** Its records name a release after a colon (`Debian:12`), and each release is a list of its own. */
  readonly releases: boolean;
  /** Records without a release hold for their listed versions only: their ranges mix the orders of all releases. */
  readonly rangesNeedRelease: boolean;
}

interface TraitsEntry {
  readonly scheme?: SchemeId;
  readonly normalizeName?: (name: string) => string;
  readonly spellings?: (name: string) => readonly string[];
  readonly releases?: boolean;
  readonly rangesNeedRelease?: boolean;
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}

const table: Readonly<Record<string, TraitsEntry>> = {
  // Language registries.
  PyPI: { scheme: 'pep440', normalizeName: normalizePythonName },
  npm: { scheme: 'semver' },
  // Module paths that differ in case are different modules, and producers of package URLs write all of them in lower
  // case (purl-spec, types/golang): a record is found under both spellings.
  Go: { scheme: 'go', spellings: (name) => [...new Set([name, name.toLowerCase()])] },
  'crates.io': { scheme: 'semver' },
  RubyGems: { scheme: 'gem' },
  // Composer names are case-insensitive (getcomposer.org/doc/04-schema.md#name).
  Packagist: { scheme: 'composer', normalizeName: lowerCase },
  Maven: { scheme: 'maven' },
  // Package ids are case-insensitive (learn.microsoft.com/nuget/reference/nuspec#id).
  NuGet: { scheme: 'nuget', normalizeName: lowerCase },
  Hex: { scheme: 'semver' },
  SwiftURL: { scheme: 'semver' },
  Julia: { scheme: 'semver' },
  Bitnami: { scheme: 'semver' },
  // Distributions.
  Debian: { scheme: 'deb', releases: true },
  Ubuntu: { scheme: 'deb', releases: true, rangesNeedRelease: true },
  Echo: { scheme: 'deb' },
  Alpine: { scheme: 'apk', releases: true, rangesNeedRelease: true },
  Wolfi: { scheme: 'apk' },
  Chainguard: { scheme: 'apk' },
  MinimOS: { scheme: 'apk' },
  CleanStart: { scheme: 'apk' },
  Alpaquita: { scheme: 'apk', releases: true },
  AlmaLinux: { scheme: 'rpm', releases: true },
  'Rocky Linux': { scheme: 'rpm', releases: true },
  'Red Hat': { scheme: 'rpm', releases: true },
  SUSE: { scheme: 'rpm', releases: true },
  openSUSE: { scheme: 'rpm', releases: true },
  openEuler: { scheme: 'rpm', releases: true },
  Mageia: { scheme: 'rpm', releases: true },
  'Azure Linux': { scheme: 'rpm', releases: true },
};

const traits: ReadonlyMap<string, EcosystemTraits> = new Map(
  Object.entries(table).map(([name, entry]) => [name, completeTraits(entry)]),
);
const unknownTraits = completeTraits({});

function completeTraits(entry: TraitsEntry): EcosystemTraits {
  const normalizeName = entry.normalizeName ?? ((name) => name);
  return {
    ...(entry.scheme !== undefined && { scheme: entry.scheme }),
    normalizeName,
    spellings: entry.spellings ?? ((name) => [normalizeName(name)]),
    releases: entry.releases ?? false,
    rangesNeedRelease: entry.rangesNeedRelease ?? false,
  };
}

/** `Debian:12` → `Debian`: the name under which records are published in bulk. */
export function baseEcosystem(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** The traits of an ecosystem, with or without suffix; an unknown one has no order. */
export function ecosystemTraits(ecosystem: string): EcosystemTraits {
  return traits.get(baseEcosystem(ecosystem)) ?? unknownTraits;
}

/** Whether ranges of this ecosystem (with its suffix) say anything; listed versions always do. */
export function rangesApply(ecosystem: string): boolean {
  const { scheme, rangesNeedRelease } = ecosystemTraits(ecosystem);
  return scheme !== undefined && (!rangesNeedRelease || ecosystem.includes(':'));
}

/** The names of all known ecosystems, without suffix. */
export const knownEcosystems: readonly string[] = [...traits.keys()];
