import { parseDeb822, type Stanza } from '../../formats/deb822.ts';
import { parseRelations, type Relation } from '../../formats/debian-relations.ts';
import type { CatalogedPackage, Cataloger, CatalogView, EvidenceFile } from '../cataloger.ts';
import { distroQualifier, packagePurl } from '../package-purl.ts';
import { dpkgDetailFiles, dpkgDetails } from './dpkg-details.ts';
import { versions } from './versions.ts';

/**
 * Packages that dpkg has installed, fully or not (dpkg(1), "Package states"): from its status file, and from
 * `status.d`, where distroless images keep one file a package. What is only configured is no package.
 */
export const dpkg: Cataloger = {
  id: 'dpkg',
  version: versions.dpkg,
  selects: ['/var/lib/dpkg/status', '/var/lib/dpkg/status.d/!(*.md5sums)'],
  reads: dpkgDetailFiles,
  catalog: async (file, view) => readStatus(file, view),
  details: dpkgDetails,
};

const fields = [
  'Package',
  'Status',
  'Version',
  'Architecture',
  'Source',
  'Installed-Size',
  'Built-Using',
  'Static-Built-Using',
  'Pre-Depends',
  'Depends',
  'Provides',
  'Maintainer',
  'Homepage',
  'Description',
];

function readStatus({ bytes }: EvidenceFile, view: CatalogView): readonly CatalogedPackage[] {
  const found: CatalogedPackage[] = [];
  for (const stanza of parseDeb822(bytes, { fields, malformed: (line) => reportLine(line, view) })) {
    const described = isInstalled(stanza) ? describe(stanza, view) : undefined;
    if (described !== undefined) found.push(described);
  }
  return found;
}

function reportLine(line: string, { report }: CatalogView): void {
  const problem = { kind: 'no-field', text: line.slice(0, 80) } as const;
  report({ code: 'package.malformed', severity: 'warning', parameters: { cataloger: 'dpkg', problem } });
}

/** A stanza of status.d may have no status: it is there because the package is. */
function isInstalled(stanza: Stanza): boolean {
  const state = stateOf(stanza);
  return state !== 'config-files' && state !== 'not-installed';
}

/** The third word of `want flag state`. */
function stateOf(stanza: Stanza): string {
  return stanza.get('Status')?.split(/\s+/)[2] ?? 'installed';
}

function describe(stanza: Stanza, { distribution, report }: CatalogView): CatalogedPackage | undefined {
  const name = stanza.get('Package');
  const version = stanza.get('Version');
  if (name === undefined || name === '') {
    const parameters = { cataloger: 'dpkg', problem: 'nameless' } as const;
    report({ code: 'package.malformed', severity: 'warning', parameters });
    return undefined;
  }
  if (version === undefined || version === '') {
    report({ code: 'package.without-version', severity: 'warning', parameters: { cataloger: 'dpkg', name } });
    return undefined;
  }
  const architecture = nonEmpty(stanza.get('Architecture'));
  const qualifiers = { arch: architecture, distro: distroQualifier(distribution) };
  return {
    type: 'deb',
    name,
    version,
    ...(architecture === undefined ? {} : { architecture }),
    purl: packagePurl('deb', name, version, { namespace: distribution?.id, qualifiers }),
    source: sourceOf(stanza.get('Source'), name, version),
    ...builtUsing(stanza),
    ...installedSize(stanza),
    ...description(stanza),
    ...state(stanza),
    ...relations(stanza),
  };
}

/** `Source: name` or `Source: name (version)`; absent where it is the package's own (dpkg, deb-src-control(5)). */
function sourceOf(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const [, sourceName, sourceVersion] = /^([^\s(]+)\s*(?:\(([^)]*)\))?/.exec(field ?? '') ?? [];
  return { name: sourceName ?? name, version: sourceVersion?.trim() || version };
}

function builtUsing(stanza: Stanza): Pick<CatalogedPackage, 'builtUsing'> {
  const sources = ['Built-Using', 'Static-Built-Using'].flatMap((field) =>
    parseRelations(stanza.get(field)).flatMap(exactVersions),
  );
  return sources.length === 0 ? {} : { builtUsing: sources };
}

/** Built-Using names sources by `name (= version)` (Policy 7.8). */
function exactVersions(alternatives: readonly Relation[]): readonly { name: string; version: string }[] {
  return alternatives.flatMap(({ name, operator, version }) =>
    operator === '=' && version !== undefined ? [{ name, version }] : [],
  );
}

/** In kibibytes (Policy 5.6.20). */
function installedSize(stanza: Stanza): Pick<CatalogedPackage, 'installedSize'> {
  const field = stanza.get('Installed-Size') ?? '';
  return /^\d{1,12}$/.test(field) ? { installedSize: Number(field) * 1024 } : {};
}

function description(stanza: Stanza): Pick<CatalogedPackage, 'maintainer' | 'homepage' | 'summary'> {
  const maintainer = nonEmpty(stanza.get('Maintainer'));
  const homepage = nonEmpty(stanza.get('Homepage'));
  const summary = nonEmpty(stanza.get('Description')?.split('\n', 1)[0]);
  return {
    ...(maintainer === undefined ? {} : { maintainer }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(summary === undefined ? {} : { summary }),
  };
}

function state(stanza: Stanza): Pick<CatalogedPackage, 'state'> {
  const current = stateOf(stanza);
  if (current !== 'installed') return { state: current };
  return stanza.get('Status')?.startsWith('hold') === true ? { state: 'hold' } : {};
}

function relations(stanza: Stanza): Pick<CatalogedPackage, 'dependencies' | 'provides'> {
  const dependencies = ['Pre-Depends', 'Depends'].flatMap((field) => names(stanza.get(field)));
  const provides = names(stanza.get('Provides')).flat();
  return {
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(provides.length === 0 ? {} : { provides }),
  };
}

/** What is installed together has been found to fit, so that names alone tell who needs whom. */
function names(field: string | undefined): readonly (readonly string[])[] {
  return parseRelations(field).map((alternatives) => alternatives.map(({ name }) => name));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
