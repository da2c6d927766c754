import { asObject, asString, parseJson } from '../../core/json.ts';
import { parentPath } from '../../core/path.ts';
import { parseDeb822 } from '../../formats/deb822.ts';
import type { CatalogedPackage, Cataloger, CatalogView, EvidenceFile, PackageDetail } from '../cataloger.ts';
import { packagePurl } from '../package-purl.ts';
import { versions } from './versions.ts';

/**
 * Python distributions that pip, setuptools or a packager installed: `*.dist-info` (packaging.python.org, "Recording
 * installed projects"), `*.egg-info` as folder or file, and unpacked eggs.
 */
export const python: Cataloger = {
  id: 'python',
  version: versions.python,
  selects: [
    '/**/*.dist-info/METADATA',
    '/**/*.egg-info/PKG-INFO',
    '/**/EGG-INFO/PKG-INFO',
    '/**/{site,dist}-packages/*.egg-info',
  ],
  reads: ['/**/*.dist-info/RECORD', '/**/*.dist-info/direct_url.json', '/**/*.egg-info/installed-files.txt'],
  catalog: async (file, view) => catalogMetadata(file, view),
  details: (view) => (found) => detailOf(found, view),
};

function catalogMetadata({ path, bytes }: EvidenceFile, { report }: CatalogView): readonly CatalogedPackage[] {
  const [stanza] = parseDeb822(headerOf(bytes));
  const name = stanza?.get('Name');
  const version = stanza?.get('Version');
  if (name === undefined || name === '') {
    report({
      code: 'package.malformed',
      severity: 'warning',
      parameters: { cataloger: 'python', problem: 'it has no name' },
    });
    return [];
  }
  if (version === undefined || version === '') {
    report({ code: 'package.without-version', severity: 'warning', parameters: { cataloger: 'python', name } });
    return [];
  }
  const summary = stanza?.get('Summary');
  const homepage = stanza?.get('Home-page');
  return [
    {
      type: 'pypi',
      name,
      version,
      purl: packagePurl('pypi', name, version),
      location: path.endsWith('.egg-info') ? path : parentPath(path),
      ...(summary === undefined || summary === 'UNKNOWN' ? {} : { summary }),
      ...(homepage === undefined || homepage === 'UNKNOWN' ? {} : { homepage }),
    },
  ];
}

/** The fields before the first empty line; a long description may follow. */
function headerOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').replaceAll('\r\n', '\n');
  const end = text.indexOf('\n\n');
  return end < 0 ? text : text.slice(0, end + 1);
}

async function detailOf({ location = '/' }: CatalogedPackage, { filesystem }: CatalogView): Promise<PackageDetail> {
  const record = await readText(`${location}/RECORD`, filesystem);
  const installed = await readText(`${location}/installed-files.txt`, filesystem);
  const origin = originOf(await readText(`${location}/direct_url.json`, filesystem));
  const base = record === undefined ? location : parentPath(location);
  const names = (record ?? installed ?? '').split('\n').map((line) => firstField(line));
  const files = names.flatMap((name) => {
    const path = name === '' ? undefined : resolveFrom(base, name);
    return path === undefined ? [] : [{ path }];
  });
  return { files, ...(origin === undefined ? {} : { origin }) };
}

/** RECORD is CSV: a path with a comma or a quote stands in quotes. */
function firstField(line: string): string {
  if (!line.startsWith('"')) return (line.split(',')[0] ?? '').trim();
  return /^"((?:[^"]|"")*)"/.exec(line)?.[1]?.replaceAll('""', '"') ?? '';
}

function resolveFrom(base: string, name: string): string | undefined {
  const parts = name.startsWith('/') ? [] : base.split('/').filter((part) => part !== '');
  for (const part of name.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return asString(asObject(parseJson(text, 'direct_url.json'))?.['url']);
  } catch {
    return undefined;
  }
}

async function readText(path: string, filesystem: CatalogView['filesystem']): Promise<string | undefined> {
  const bytes = await filesystem.read(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}
