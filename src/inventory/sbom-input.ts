import { compareText } from '../core/compare-text.ts';
import type { Diagnostic, Report } from '../core/diagnostics.ts';
import { CinzelError } from '../core/errors.ts';
import { asObject, asString, isObject, parseJson } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import { normalizePath } from '../core/path.ts';
import { debianVersionOf } from './debian-codenames.ts';
import type { Distribution, Inventory, Package, PackageType } from './model.ts';
import { comparePackages } from './package-id.ts';
import { managerName } from './package-purl.ts';
import { type Purl, parsePurl } from './purl.ts';
import type { SbomComponent, SbomDocument } from './sbom/component.ts';
import { readCycloneDx } from './sbom/cyclonedx.ts';
import { readSpdx } from './sbom/spdx.ts';

/**
 * Reads an SBOM as an inventory, so that its packages can be matched without their image: CycloneDX JSON 1.2–1.7 and
 * SPDX JSON 2.2–2.3. A package is what has a purl; the rest becomes diagnostics. Everything is in layer 0.
 * Throws `untrusted.malformed` when it is neither, and `untrusted.limit` when it has too many components.
 */
export function readSbom(bytes: Uint8Array, what: string, limits: Pick<Limits, 'entries'>): Inventory {
  const diagnostics: Diagnostic[] = [];
  const document = readDocument(bytes, what, limits.entries);
  const read = readPackages(document.components, (diagnostic) => diagnostics.push(diagnostic));
  const distribution = distributionOf(document, read);
  const packages = distinct(read.map(({ found }) => withOtherDistribution(found, distribution)));
  return {
    ...(distribution !== undefined && { distribution }),
    packages: packages.sort(comparePackages),
    history: [],
    surface: { shells: [], packageManagers: [], downloaders: [], setuid: [], executables: 0, files: 0 },
    diagnostics,
    files: async () => new Map(),
  };
}

/** A package names its distribution only where that is another; its id then does too: both may have the same version. */
function withOtherDistribution(found: Package, distribution: Distribution | undefined): Package {
  const { distribution: own, ...rest } = found;
  if (own === undefined || (own.id === distribution?.id && own.versionId === distribution.versionId)) return rest;
  const name = own.versionId === undefined ? own.id : `${own.id}-${own.versionId}`;
  return { ...found, id: `${found.id}?distro=${name}` };
}

/** Each package once, as the document first has it. An owner that is not listed owns nothing: what it would own is matched. */
function distinct(packages: readonly Package[]): Package[] {
  const byId = new Map<string, Package>();
  for (const found of packages) if (!byId.has(found.id)) byId.set(found.id, found);
  return [...byId.values()].map((found) => withKnownOwner(found, byId));
}

function withKnownOwner(found: Package, packages: ReadonlyMap<string, Package>): Package {
  const { ownedBy, ...rest } = found;
  return ownedBy === undefined || packages.has(ownedBy) ? found : rest;
}

function readDocument(bytes: Uint8Array, what: string, limit: number): SbomDocument {
  const json = parseJson(bytes, what);
  if (!isObject(json)) throw new CinzelError('untrusted.malformed', { what, problem: 'no-sbom' });
  if (json['bomFormat'] === 'CycloneDX') return readCycloneDx(json, limit, what);
  if (asString(json['spdxVersion'])?.startsWith('SPDX-2.') === true) return readSpdx(json, limit, what);
  const context = asString(asObject(json)?.['@context']);
  const problem = context?.includes('spdx') ? 'spdx-3' : 'other-sbom';
  throw new CinzelError('untrusted.malformed', { what, problem });
}

interface ReadPackage {
  readonly found: Package;
  readonly purl: Purl;
}

function readPackages(components: readonly SbomComponent[], report: Report): readonly ReadPackage[] {
  const packages: ReadPackage[] = [];
  for (const component of components) {
    const purl = component.purl === undefined ? undefined : withVersion(parsePurl(component.purl), component.version);
    if (purl === undefined || component.purl === undefined) {
      report(unusable(component, component.purl === undefined ? 'without-purl' : 'malformed-purl'));
    } else if (purl.version === undefined || purl.version === '') {
      report({
        code: 'package.without-version',
        severity: 'warning',
        parameters: { cataloger: 'sbom', name: managerName(purl) },
      });
    } else {
      packages.push({ found: createPackage(component, component.purl, purl), purl });
    }
  }
  return packages;
}

/** Some producers write the version beside the purl only. */
function withVersion(purl: Purl | undefined, version: string | undefined): Purl | undefined {
  return purl === undefined || version === undefined || (purl.version ?? '') !== '' ? purl : { ...purl, version };
}

function unusable({ label, mayHold }: SbomComponent, kind: 'without-purl' | 'malformed-purl'): Diagnostic {
  return {
    code: 'package.malformed',
    severity: mayHold === true && kind === 'without-purl' ? 'info' : 'warning',
    parameters: { cataloger: 'sbom', problem: { kind, component: label } },
  };
}

const packageTypes = {
  deb: true,
  apk: true,
  rpm: true,
  npm: true,
  pypi: true,
  gem: true,
  cargo: true,
  golang: true,
  composer: true,
  maven: true,
  nuget: true,
  generic: true,
} satisfies Readonly<Record<PackageType, true>>;

function createPackage(component: SbomComponent, text: string, purl: Purl): Package {
  const type = isPackageType(purl.type) ? purl.type : 'generic';
  const name = type === 'generic' ? genericName(purl) : managerName(purl);
  const version = fullVersion(purl);
  const architecture = purl.qualifiers?.['arch'];
  const path = component.path === undefined ? undefined : normalizePath(component.path);
  const source = sourceOf(component, type, name, version, purl);
  const distribution = splitDistro(purl.qualifiers?.['distro'] ?? '');
  const arch = type === 'deb' && architecture !== undefined ? `:${architecture}` : '';
  return {
    id: `${type}/${name}@${version}${arch}${path === undefined ? '' : `#${path}`}`,
    type,
    name,
    version,
    purl: text,
    ...(distribution !== undefined && { distribution }),
    ...(architecture !== undefined && { architecture }),
    ...(source !== undefined && { source }),
    licenses: component.licenses,
    ...(component.ownedBy !== undefined && { ownedBy: component.ownedBy }),
    layer: 0,
    evidence: [{ path: path ?? '/', layer: 0, cataloger: 'sbom' }],
    fate: { kind: 'present' },
  };
}

function isPackageType(type: string): type is PackageType {
  return Object.hasOwn(packageTypes, type);
}

/** Types that have no place in an inventory keep their type in the name: `conan/zlib`. */
function genericName(purl: Purl): string {
  const parts = [purl.type === 'generic' ? undefined : purl.type, purl.namespace, purl.name];
  return parts.filter((part) => part !== undefined).join('/');
}

/** Some producers write the epoch of a deb or rpm into the version, others beside it. */
function fullVersion({ version = '', qualifiers }: Purl): string {
  const epoch = qualifiers?.['epoch'];
  return epoch === undefined || epoch === '0' || version.includes(':') ? version : `${epoch}:${version}`;
}

/**
 * The source package: what a producer says beside the purl, else Syft's `upstream` qualifier (`NAME`, `NAME@VERSION`,
 * an rpm's file name), else for a distribution's package itself.
 */
function sourceOf(
  component: SbomComponent,
  type: PackageType,
  name: string,
  version: string,
  purl: Purl,
): Package['source'] {
  if (type !== 'deb' && type !== 'apk' && type !== 'rpm') return undefined;
  const { source } = component;
  if (source !== undefined) return { name: source.name, version: source.version ?? version };
  const upstream = purl.qualifiers?.['upstream'];
  if (type === 'rpm' || upstream === undefined || upstream === '')
    return type === 'rpm' ? undefined : { name, version };
  const at = upstream.indexOf('@');
  return at < 0 ? { name: upstream, version } : { name: upstream.slice(0, at), version: upstream.slice(at + 1) };
}

/** The document's own word, else the `distro` qualifier that most distribution packages carry. */
function distributionOf(document: SbomDocument, packages: readonly ReadPackage[]): Distribution | undefined {
  const named = document.distribution ?? mostNamed(packages.flatMap(({ purl }) => purl.qualifiers?.['distro'] ?? []));
  return named && { ...named, idLike: [], evidence: { path: '/', layer: 0 } };
}

function mostNamed(qualifiers: readonly string[]): SbomDocument['distribution'] {
  const counts = new Map<string, number>();
  for (const qualifier of qualifiers) counts.set(qualifier, (counts.get(qualifier) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  return best === undefined ? undefined : splitDistro(best[0]);
}

/**
 * `debian-12`, `opensuse-leap-15.5`, `alpine-3.18.4`: the release follows the last hyphen before a digit. `bookworm`,
 * as the purl specification's own examples have it, is Debian's release of that name.
 */
function splitDistro(qualifier: string): SbomDocument['distribution'] {
  if (qualifier === '') return undefined;
  const codename = qualifier.toLowerCase().replace(/^debian-/, '');
  const debian = debianVersionOf(codename);
  if (debian !== undefined) return { id: 'debian', versionId: debian };
  const match = /^([a-z][\w.-]{0,100}?)-(\d[\w.]{0,100})$/i.exec(qualifier);
  const id = (match?.[1] ?? qualifier).toLowerCase();
  return match?.[2] === undefined ? { id } : { id, versionId: match[2] };
}
