import { isCinzelError } from '../../core/errors.ts';
import { baseName, type ImagePath, parentPath } from '../../core/path.ts';
import { problemOfError } from '../../core/problem-of-error.ts';
import { type CoreMetadata, metadataValue, parseCoreMetadata } from '../../formats/core-metadata.ts';
import { openZip, zipBytes } from '../../formats/zip.ts';
import type { CatalogedPackage, Cataloger, CatalogView, EvidenceFile } from '../cataloger.ts';
import { licenseIds } from '../licenses/license-ids.ts';
import { licensesOfMetadata } from '../licenses/python-license.ts';
import { packagePurl } from '../package-purl.ts';
import { normalizePythonName } from '../purl.ts';
import { pythonDetailFiles, pythonDetails } from './python-details.ts';
import { versions } from './versions.ts';

/**
 * Installed Python distributions, in the four forms that exist: `.dist-info` folders (PEP 376 and 427), `.egg-info`
 * folders and files, `.egg` folders and `.egg` zip files (setuptools.pypa.io, "The Internal Structure of Python Eggs").
 */
export const python: Cataloger = {
  id: 'python',
  version: versions.python,
  selects: [
    '**/*.dist-info/METADATA',
    '**/*.egg-info/PKG-INFO',
    '**/*.egg-info',
    '**/*.egg/EGG-INFO/PKG-INFO',
    '**/*.egg',
  ],
  reads: pythonDetailFiles,
  maximumBytes: 64 * 1024 ** 2,
  catalog: readDistribution,
  details: pythonDetails,
};

async function readDistribution(file: EvidenceFile, view: CatalogView): Promise<readonly CatalogedPackage[]> {
  const bytes = file.path.endsWith('.egg') ? readEgg(file, view) : file.bytes;
  if (bytes === undefined) return [];
  const metadata = parseCoreMetadata(Buffer.from(bytes).toString('utf8'));
  const name = metadataValue(metadata, 'name');
  if (name === undefined) {
    const parameters = { cataloger: 'python', problem: 'nameless' } as const;
    view.report({ code: 'package.malformed', severity: 'warning', parameters });
    return [];
  }
  const version = metadataValue(metadata, 'version');
  if (version === undefined) {
    view.report({ code: 'package.without-version', severity: 'warning', parameters: { cataloger: 'python', name } });
    return [];
  }
  const licenses = licensesOfMetadata(metadata, await licenseIds());
  return [
    {
      type: 'pypi',
      name,
      version,
      purl: packagePurl('pypi', name, version),
      location: siteFolder(file.path),
      provides: [normalizePythonName(name)],
      ...(licenses.length === 0 ? {} : { licenses }),
      ...description(metadata),
      ...dependencies(metadata),
    },
  ];
}

const eggLimits = { entries: 100_000, entryBytes: 16 * 1024 ** 2, totalBytes: 16 * 1024 ** 2 };

function readEgg({ path, bytes }: EvidenceFile, { report }: CatalogView): Uint8Array | undefined {
  try {
    const archive = openZip(zipBytes(bytes), eggLimits, path);
    const entry = archive.entries.find(({ name }) => name === 'EGG-INFO/PKG-INFO');
    if (entry !== undefined) return archive.read(entry);
    report({
      code: 'package.malformed',
      severity: 'info',
      parameters: { cataloger: 'python', problem: { kind: 'lacks', what: 'PKG-INFO' } },
    });
  } catch (error) {
    if (!isCinzelError(error)) throw error;
    report({ code: 'file.unreadable', severity: 'warning', parameters: { problem: problemOfError(error) } });
  }
  return undefined;
}

/** The folder that is on Python's path: the one that holds the `.dist-info`, `.egg-info` or `.egg`. */
function siteFolder(path: ImagePath): ImagePath {
  const isInside = /\.(?:dist-info|egg-info|egg)$/;
  let folder = path;
  while (folder !== '/' && !isInside.test(baseName(folder))) folder = parentPath(folder);
  return parentPath(folder);
}

function description(metadata: CoreMetadata): Pick<CatalogedPackage, 'maintainer' | 'homepage' | 'summary'> {
  const maintainer = metadataValue(metadata, 'author') ?? metadataValue(metadata, 'author-email');
  const homepage = metadataValue(metadata, 'home-page') ?? projectUrl(metadata);
  const summary = metadataValue(metadata, 'summary')?.split('\n', 1)[0];
  return {
    ...(maintainer === undefined ? {} : { maintainer }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** `Project-URL: Homepage, https://…` */
function projectUrl(metadata: CoreMetadata): string | undefined {
  const urls = metadata.get('project-url') ?? [];
  return urls.map((url) => /^home-?page\s*,\s*(\S+)/i.exec(url)?.[1]).find((url) => url !== undefined);
}

/** `Requires-Dist: name (>=1) ; marker`; what an extra asks for is not needed by the package itself. */
function dependencies(metadata: CoreMetadata): Pick<CatalogedPackage, 'dependencies'> {
  const needs = (metadata.get('requires-dist') ?? []).filter((need) => !/;.*\bextra\b/.test(need));
  const names = needs.flatMap((need) => /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(need)?.[0] ?? []);
  return names.length === 0 ? {} : { dependencies: names.map((name) => [normalizePythonName(name)]) };
}
