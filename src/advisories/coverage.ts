import type { Distribution, Package, PackageType } from '../inventory/model.ts';
import { baseEcosystem, ecosystemTraits } from './ecosystems.ts';
import type { StorePart } from './store.ts';

/** How one package is asked about. */
export interface PackageQuery {
  /** With its suffix. */
  readonly ecosystem: string;
  /** In the form of its ecosystem. */
  readonly name: string;
  /** The version to compare: the source's, where advisories are about source packages. */
  readonly version: string;
  /** Whether the package's own name is asked for or its source's. */
  readonly rule: 'name' | 'source';
}

/** The registries whose packages are the same on every distribution. */
const registries: Readonly<Partial<Record<PackageType, string>>> = {
  npm: 'npm',
  pypi: 'PyPI',
  gem: 'RubyGems',
  cargo: 'crates.io',
  golang: 'Go',
  composer: 'Packagist',
  maven: 'Maven',
  nuget: 'NuGet',
};

/** What advisories ask of a distribution. */
type Release = Pick<Distribution, 'id' | 'versionId'>;

/** OSV's ecosystem of a distribution, by os-release ID (ossf.github.io/osv-schema, "Defined ecosystems"). */
const distributions: Readonly<Record<string, (distribution: Release) => string | undefined>> = {
  debian: ({ versionId }) => suffixed('Debian', majorOf(versionId)),
  raspbian: ({ versionId }) => suffixed('Debian', majorOf(versionId)),
  ubuntu: ({ versionId }) => suffixed('Ubuntu', ubuntuRelease(versionId)),
  alpine: ({ versionId }) => suffixed('Alpine', alpineRelease(versionId)),
  wolfi: () => 'Wolfi',
  chainguard: () => 'Chainguard',
  minimos: () => 'MinimOS',
  cleanstart: () => 'CleanStart',
  echo: () => 'Echo',
  almalinux: ({ versionId }) => suffixed('AlmaLinux', majorOf(versionId)),
  rocky: ({ versionId }) => suffixed('Rocky Linux', majorOf(versionId)),
  mageia: ({ versionId }) => suffixed('Mageia', majorOf(versionId)),
  azurelinux: ({ versionId }) => suffixed('Azure Linux', majorOf(versionId)),
  mariner: ({ versionId }) => suffixed('Azure Linux', majorOf(versionId)),
  'opensuse-leap': ({ versionId }) => suffixed('openSUSE', versionId && `Leap ${versionId}`),
  'opensuse-tumbleweed': () => 'openSUSE:Tumbleweed',
};

const distributionTypes: ReadonlySet<PackageType> = new Set(['deb', 'apk', 'rpm']);
/** Types whose advisories name source packages (dpkg) and origins (apk). */
export const sourceTypes: ReadonlySet<PackageType> = new Set(['deb', 'apk']);

/** The OSV ecosystem of packages of this type on this distribution; undefined when OSV has none. */
export function ecosystemOf(type: PackageType, distribution: Release | undefined): string | undefined {
  if (!distributionTypes.has(type)) return registries[type];
  if (distribution === undefined || !Object.hasOwn(distributions, distribution.id)) return undefined;
  return distributions[distribution.id]?.(distribution);
}

/** A name for what a package belongs to when no feed can know it: `rpm (fedora 40)`. */
export function unknownEcosystem(
  { type, distribution: own }: Pick<Package, 'type' | 'distribution'>,
  inventorys: Distribution | undefined,
): string {
  if (!distributionTypes.has(type)) return type;
  const distribution = own ?? inventorys;
  const name = distribution === undefined ? 'unknown' : [distribution.id, distribution.versionId].join(' ').trim();
  return `${type} (${name})`;
}

/** What to ask about a package; undefined when no ecosystem serves it or it has no version. */
export function packageQuery(
  found: Pick<Package, 'type' | 'name' | 'version' | 'source' | 'distribution'>,
  distribution: Distribution | undefined,
): PackageQuery | undefined {
  const ecosystem = ecosystemOf(found.type, found.distribution ?? distribution);
  if (ecosystem === undefined || found.version === '') return undefined;
  const { name, version, rule } = comparedPackage(found);
  return { ecosystem, name: ecosystemTraits(ecosystem).normalizeName(name), version, rule };
}

function comparedPackage(
  found: Pick<Package, 'type' | 'name' | 'version' | 'source'>,
): Pick<PackageQuery, 'name' | 'version' | 'rule'> {
  return sourceTypes.has(found.type) && found.source !== undefined
    ? { ...found.source, rule: 'source' }
    : { name: found.name, version: found.version, rule: 'name' };
}

/**
 * The ecosystems under which a query looks. Records that name no release count too where they hold for their listed
 * versions alone; elsewhere they would mix releases.
 */
export function queriedEcosystems(ecosystem: string): readonly string[] {
  const base = baseEcosystem(ecosystem);
  return base !== ecosystem && ecosystemTraits(base).rangesNeedRelease ? [ecosystem, base] : [ecosystem];
}

/** Whether a part of the store answers for every package of an ecosystem. */
export function coversEcosystem(part: StorePart, ecosystem: string): boolean {
  if (part.coverage === 'package') return false;
  if (part.ecosystems.includes(ecosystem)) return true;
  // A registry without any record is covered; a release that no record names is not published.
  return part.part === ecosystem && !ecosystemTraits(ecosystem).releases;
}

function suffixed(base: string, release: string | undefined): string {
  return release === undefined || release === '' ? base : `${base}:${release}`;
}

function majorOf(versionId: string | undefined): string | undefined {
  return versionId?.split('.')[0];
}

/** Long-term releases are those of April in even years: `22.04:LTS`, `24.10`. */
function ubuntuRelease(versionId: string | undefined): string | undefined {
  const match = /^(\d+)\.(\d+)/.exec(versionId ?? '');
  if (match === null) return versionId;
  const [release, year = '', month] = match;
  return Number(year) % 2 === 0 && month === '04' ? `${release}:LTS` : release;
}

/** `3.18.4` → `v3.18`; a version with a suffix (`3.20_alpha20240329`) is the development branch. */
function alpineRelease(versionId: string | undefined): string | undefined {
  if (versionId === undefined) return undefined;
  if (versionId === 'edge' || versionId.includes('_')) return 'edge';
  return `v${versionId.split('.').slice(0, 2).join('.')}`;
}
