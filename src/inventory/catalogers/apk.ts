import { decodeName, type ImagePath, normalizePath } from '../../core/path.ts';
import { apkFiles, parseApkDatabase } from '../../formats/apk-database.ts';
import type { CatalogedPackage, Cataloger, CatalogView, EvidenceFile, PackageDetail } from '../cataloger.ts';
import { joinLicenses, readLicense } from '../licenses/license-expression.ts';
import { type LicenseIds, licenseId, licenseIds, licenseReference } from '../licenses/license-ids.ts';
import { distroQualifier, packagePurl } from '../package-purl.ts';
import { versions } from './versions.ts';

/** Packages of Alpine, Wolfi and their kin, from apk's database of what is installed. */
export const apk: Cataloger = {
  id: 'apk',
  version: versions.apk,
  selects: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
  reads: [],
  catalog: readDatabase,
  details: readFiles,
};

type Fields = ReadonlyMap<string, string>;

async function readDatabase({ bytes }: EvidenceFile, view: CatalogView): Promise<readonly CatalogedPackage[]> {
  const ids = await licenseIds();
  const found: CatalogedPackage[] = [];
  for (const { fields } of parseApkDatabase(decodeName(bytes), (line) => reportLine(line, view))) {
    const described = describe(fields, ids, view);
    if (described !== undefined) found.push(described);
  }
  return found;
}

function reportLine(line: string, { report }: CatalogView): void {
  const problem = { kind: 'no-field', text: line.slice(0, 80) } as const;
  report({ code: 'package.malformed', severity: 'warning', parameters: { cataloger: 'apk', problem } });
}

function describe(
  fields: Fields,
  ids: LicenseIds,
  { distribution, report }: CatalogView,
): CatalogedPackage | undefined {
  const name = present(fields, 'P');
  const version = present(fields, 'V');
  if (name === undefined) {
    const parameters = { cataloger: 'apk', problem: 'nameless' } as const;
    report({ code: 'package.malformed', severity: 'warning', parameters });
    return undefined;
  }
  if (version === undefined) {
    report({ code: 'package.without-version', severity: 'warning', parameters: { cataloger: 'apk', name } });
    return undefined;
  }
  const architecture = present(fields, 'A');
  const qualifiers = { arch: architecture, distro: distroQualifier(distribution) };
  const licenses = licensesOf(present(fields, 'L'), ids);
  return {
    type: 'apk',
    name,
    version,
    ...(architecture === undefined ? {} : { architecture }),
    purl: packagePurl('apk', name, version, { namespace: distribution?.id, qualifiers }),
    source: { name: present(fields, 'o') ?? name, version },
    ...(licenses.length === 0 ? {} : { licenses }),
    ...installedSize(fields),
    ...description(fields),
    ...relations(fields),
  };
}

/** An SPDX expression; old packages have names with spaces between. */
function licensesOf(field: string | undefined, ids: LicenseIds): readonly string[] {
  if (field === undefined) return [];
  const names = field.split(/\s+/).map((name) => licenseId(name, ids));
  const known = names.filter((name) => name !== undefined);
  const list = known.length === names.length ? joinLicenses(known, 'AND') : readLicense(field, ids);
  return [list ?? licenseReference(field)];
}

function installedSize(fields: Fields): Pick<CatalogedPackage, 'installedSize'> {
  const field = fields.get('I') ?? '';
  return /^\d{1,15}$/.test(field) ? { installedSize: Number(field) } : {};
}

function description(fields: Fields): Pick<CatalogedPackage, 'maintainer' | 'homepage' | 'summary'> {
  const maintainer = present(fields, 'm');
  const homepage = present(fields, 'U');
  const summary = present(fields, 'T');
  return {
    ...(maintainer === undefined ? {} : { maintainer }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** A `!` names what must not be there; versions follow `<`, `=`, `>` or `~`. */
function relations(fields: Fields): Pick<CatalogedPackage, 'dependencies' | 'provides'> {
  const dependencies = words(fields.get('D')).filter((word) => !word.startsWith('!'));
  const provides = words(fields.get('p')).map(unversioned);
  return {
    ...(dependencies.length === 0 ? {} : { dependencies: dependencies.map((word) => [unversioned(word)]) }),
    ...(provides.length === 0 ? {} : { provides }),
  };
}

function unversioned(relation: string): string {
  return relation.split(/[<=>~@]/, 1)[0] ?? relation;
}

function words(field: string | undefined): readonly string[] {
  return (field ?? '').split(/\s+/).filter((word) => word !== '');
}

function present(fields: Fields, letter: string): string | undefined {
  const value = fields.get(letter)?.trim();
  return value === '' ? undefined : value;
}

/** The database is read again, once, and each package's part of it parsed when its turn comes. */
function readFiles({
  filesystem,
}: CatalogView): (found: CatalogedPackage, evidence: ImagePath) => Promise<PackageDetail> {
  const databases = new Map<ImagePath, Promise<ReadonlyMap<string, string>>>();
  const read = async (path: ImagePath): Promise<ReadonlyMap<string, string>> => {
    const text = decodeName((await filesystem.read(path)) ?? new Uint8Array());
    return new Map([...parseApkDatabase(text)].map(({ fields, files }) => [fields.get('P')?.trim() ?? '', files]));
  };
  return async ({ name }, evidence) => {
    const reading = databases.get(evidence) ?? read(evidence);
    databases.set(evidence, reading);
    const files = apkFiles((await reading).get(name) ?? '').flatMap(({ path, hash }) => {
      const normal = normalizePath(`/${path}`);
      return normal === undefined ? [] : [{ path: normal, ...(hash === undefined ? {} : { hash }) }];
    });
    return files.length === 0 ? {} : { files };
  };
}
