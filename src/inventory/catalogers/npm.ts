import { isCinzelError } from '../../core/errors.ts';
import { asObject, asString, isObject, type JsonObject, parseJson } from '../../core/json.ts';
import { parentPath } from '../../core/path.ts';
import type { Problem } from '../../core/problems.ts';
import type { CatalogedPackage, Cataloger, CatalogView, EvidenceFile } from '../cataloger.ts';
import { licenseIds } from '../licenses/license-ids.ts';
import { licenseOfManifest } from '../licenses/manifest-license.ts';
import { packagePurl } from '../package-purl.ts';
import { npmDetailFiles, npmDetails } from './npm-details.ts';
import { versions } from './versions.ts';

/**
 * Packages that npm, its kin or Debian installed: a package.json directly in a folder of node_modules, of a scope in
 * it, or of Debian's /usr/share/nodejs. One anywhere else is a source or a test, and proves no installation.
 *
 * A folder's name may be an alias (`"a": "npm:b@1"`): the name in package.json counts, as it does for npm's audit.
 */
export const npm: Cataloger = {
  id: 'npm',
  version: versions.npm,
  selects: [
    '**/node_modules/[^.@]*/package.json',
    '**/node_modules/@*/[^.]*/package.json',
    '/usr/share/nodejs/[^.@]*/package.json',
    '/usr/share/nodejs/@*/[^.]*/package.json',
  ],
  reads: npmDetailFiles,
  maximumBytes: 16 * 1024 ** 2,
  ownsLocation: true,
  catalog: readManifest,
  details: npmDetails,
};

async function readManifest(file: EvidenceFile, view: CatalogView): Promise<readonly CatalogedPackage[]> {
  const manifest = parseManifest(file, view);
  const name = asString(manifest?.['name']);
  const version = asString(manifest?.['version']);
  // A folder for a module inside a package has such a file too, with nothing but `main` or `type`.
  if (manifest === undefined || !name || !version) return [];
  const license = licenseOfManifest(manifest, await licenseIds());
  return [
    {
      type: 'npm',
      name,
      version,
      purl: packagePurl('npm', name, version),
      location: parentPath(file.path),
      ...(license === undefined ? {} : { licenses: [license] }),
      ...description(manifest),
      ...dependencies(manifest),
    },
  ];
}

function parseManifest({ path, bytes }: EvidenceFile, { report }: CatalogView): JsonObject | undefined {
  try {
    const json = parseJson(bytes, path);
    if (isObject(json)) return json;
    report(malformed('no-json-object'));
  } catch (error) {
    if (!isCinzelError(error, 'untrusted.malformed')) throw error;
    report(malformed(error.parameters.problem));
  }
  return undefined;
}

function malformed(problem: Problem): Parameters<CatalogView['report']>[0] {
  return { code: 'package.malformed', severity: 'warning', parameters: { cataloger: 'npm', problem } };
}

function description(manifest: JsonObject): Pick<CatalogedPackage, 'maintainer' | 'homepage' | 'summary' | 'origin'> {
  const maintainer = personOf(manifest);
  const homepage = asString(manifest['homepage']);
  const summary = asString(manifest['description']);
  // npm before version 7 wrote what it knew into the file.
  const origin = asString(manifest['_resolved']);
  return {
    ...(maintainer === undefined ? {} : { maintainer }),
    ...(homepage ? { homepage } : {}),
    ...(summary ? { summary } : {}),
    ...(origin ? { origin } : {}),
  };
}

function personOf({ author }: JsonObject): string | undefined {
  const name = asString(author) ?? asString(asObject(author)?.['name']);
  return name === '' ? undefined : name;
}

/** More than any package has; a hostile one could make the search for them endless. */
const mostDependencies = 2_000;

function dependencies(manifest: JsonObject): Pick<CatalogedPackage, 'dependencies'> {
  const fields = ['dependencies', 'optionalDependencies', 'peerDependencies'];
  const names = fields.flatMap((field) => Object.keys(asObject(manifest[field]) ?? {})).slice(0, mostDependencies);
  return names.length === 0 ? {} : { dependencies: names.map((name) => [name]) };
}
