import { compareText } from '../core/compare-text.ts';

/** The parts of a package URL (ECMA-427, github.com/package-url/purl-spec), decoded. */
export interface Purl {
  readonly type: string;
  /** Segments joined by `/`. */
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  /** Keys are lower case; a pair without value is as good as absent. */
  readonly qualifiers?: Readonly<Record<string, string>>;
  readonly subpath?: string;
}

/** Builds the canonical text (specification, "How to build a PURL"). */
export function formatPurl(purl: Purl): string {
  const type = purl.type.toLowerCase();
  const namespace = normalizePart(type, 'namespace', purl.namespace ?? '');
  const name = normalizePart(type, 'name', purl.name.replace(/^\/+|\/+$/g, ''));
  const path = [...segmentsOf(namespace), name].map(encode).join('/');
  const version = purl.version === undefined || purl.version === '' ? '' : `@${encode(purl.version)}`;
  return `pkg:${type}/${path}${version}${formatQualifiers(purl.qualifiers)}${formatSubpath(purl.subpath)}`;
}

function formatQualifiers(qualifiers: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(qualifiers)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key.toLowerCase()}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.sort(compareText).join('&')}`;
}

function formatSubpath(subpath = ''): string {
  const segments = segmentsOf(subpath).filter(isRealSegment);
  return segments.length === 0 ? '' : `#${segments.map(encode).join('/')}`;
}

/** Specification, "Character encoding": letters, digits, `.-_~` and the colon stay; every other byte is escaped. */
function encode(text: string): string {
  if (/^[\w.~:-]*$/.test(text)) return text;
  return encodeURIComponent(Buffer.from(text, 'utf8').toString())
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

const typePattern = /^[a-z][a-z0-9.-]*$/;
const keyPattern = /^[a-z][a-z0-9._-]*$/;

/**
 * Reads a package URL, canonical or not (specification, "How to parse a PURL"); undefined when it is none.
 * The names of npm keep their case, which canonical text loses: some old packages differ in nothing else.
 */
export function parsePurl(text: string): Purl | undefined {
  const [beforeSubpath, subpath] = splitLast(text, text.lastIndexOf('#'));
  const [beforeQualifiers, query] = splitLast(beforeSubpath, beforeSubpath.lastIndexOf('?'));
  const scheme = /^pkg:\/*/i.exec(beforeQualifiers)?.[0];
  if (scheme === undefined) return undefined;
  const slash = beforeQualifiers.indexOf('/', scheme.length);
  const type = beforeQualifiers.slice(scheme.length, slash < 0 ? scheme.length : slash).toLowerCase();
  if (!typePattern.test(type)) return undefined;
  try {
    const path = beforeQualifiers.slice(slash + 1);
    return { type, ...parsePath(type, path), ...parseQualifiers(query), ...parseSubpath(subpath) };
  } catch (error) {
    // What decodeURIComponent throws at a broken escape, and what this file throws at a missing part.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function parsePath(type: string, path: string): Pick<Purl, 'namespace' | 'name' | 'version'> {
  const at = path.lastIndexOf('@');
  const isBareScope = type === 'npm' && (at === 0 || path[at - 1] === '/');
  const [before, version] = splitLast(path, isBareScope ? -1 : at);
  const segments = segmentsOf(before).map(decodeURIComponent);
  const name = segments.pop();
  if (name === undefined) throw new URIError('no name');
  const normalize = type === 'npm' ? asWritten : normalizePart;
  return {
    ...(segments.length === 0 ? {} : { namespace: normalize(type, 'namespace', segments.join('/')) }),
    name: normalize(type, 'name', name),
    ...(version === '' ? {} : { version: decodeURIComponent(version) }),
  };
}

function asWritten(_type: string, _part: string, text: string): string {
  return text;
}

function parseQualifiers(query: string): Pick<Purl, 'qualifiers'> {
  const pairs = query.split('&').map(parseQualifier);
  const present = pairs.filter(([, value]) => value !== '');
  return present.length === 0 ? {} : { qualifiers: Object.fromEntries(present) };
}

function parseQualifier(pair: string): readonly [key: string, value: string] {
  const equals = pair.indexOf('=');
  if (equals < 0) return [pair, ''];
  const key = pair.slice(0, equals).toLowerCase();
  if (!keyPattern.test(key)) throw new URIError('no key');
  return [key, decodeURIComponent(pair.slice(equals + 1))];
}

function parseSubpath(subpath: string): Pick<Purl, 'subpath'> {
  const segments = segmentsOf(subpath).map(decodeURIComponent).filter(isRealSegment);
  return segments.length === 0 ? {} : { subpath: segments.join('/') };
}

function splitLast(text: string, index: number): readonly [before: string, after: string] {
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function isRealSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..';
}

type Normalize = Partial<Record<'namespace' | 'name', (text: string) => string>>;

/**
 * What the type definitions say about case and separators (purl-spec, types/*-definition.json). Go's are not here:
 * they ask for lower case, and module paths that differ in case are different modules.
 */
const normalizations: Readonly<Record<string, Normalize>> = {
  apk: { namespace: lowerCase, name: lowerCase },
  composer: { namespace: lowerCase, name: lowerCase },
  deb: { namespace: lowerCase, name: lowerCase },
  npm: { namespace: lowerCase, name: lowerCase },
  oci: { name: lowerCase },
  pypi: { name: normalizePythonName },
  rpm: { namespace: lowerCase },
};

function normalizePart(type: string, part: 'namespace' | 'name', text: string): string {
  const normalization = Object.hasOwn(normalizations, type) ? normalizations[type]?.[part] : undefined;
  return normalization?.(text) ?? text;
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** The name by which two spellings of a Python distribution are one (PEP 503, "Normalized Names"). */
export function normalizePythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
