import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import type { FileValue } from './configuration.ts';
import { nearest } from './nearest.ts';
import { type Setting, type SettingKey, type SettingValue, settings } from './settings.ts';

export const fileName = '.cinzel.yaml';

/** The configuration file, understood: settings, and the ignore rules that scans read from it. */
export interface ConfigurationFile {
  readonly path: string;
  readonly values: ReadonlyMap<SettingKey, FileValue>;
  /** The items of `ignore:`, as written; findings/ understands them. */
  readonly ignore: readonly unknown[];
}

/** Looks for `.cinzel.yaml` in a folder and those above it. */
export function findConfigurationFile(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, fileName);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
  }
}

/** Reads a configuration file. Throws `usage.configuration` that names the line, and the key that was probably meant. */
export async function readConfigurationFile(path: string): Promise<ConfigurationFile> {
  const { isMap, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw problem(path, error.message.split('\n')[0]?.replace(/:$/, '') ?? 'it is no YAML');
  const values = new Map<SettingKey, FileValue>();
  let ignore: readonly unknown[] = [];
  const visit = (node: unknown, prefix: string): void => {
    if (!isMap(node))
      throw problem(path, prefix === '' ? 'it must hold keys and values' : `"${prefix}" must hold keys and values`);
    for (const { key: keyNode, value: valueNode } of node.items) {
      const name = `${prefix}${isScalar(keyNode) ? String(keyNode.value) : String(keyNode)}`;
      const line = isScalar(keyNode) && keyNode.range ? lines.linePos(keyNode.range[0]).line : 1;
      const value: unknown =
        valueNode === null ? null : (valueNode as { toJS(document: unknown): unknown }).toJS(document);
      if (name === 'ignore') {
        if (!Array.isArray(value)) throw problem(path, `line ${line}: "ignore" must be a list`);
        ignore = value;
      } else if (isKey(name) && !(isMap(valueNode) && settings[name].kind !== 'map')) {
        values.set(name, { value: readValue(settings[name], value, `${path}: line ${line}: ${name}`), line });
      } else if (isMap(valueNode) && isPrefix(name)) visit(valueNode, `${name}.`);
      else throw problem(path, `line ${line}: there is no setting "${name}"${suggestion(name)}`);
    }
  };
  if (document.contents !== null) visit(document.contents, '');
  return { path, values, ignore };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CinzelError(
      'environment.read',
      { path, problem: (cause as NodeJS.ErrnoException).code ?? String(cause) },
      { cause },
    );
  }
}

function isKey(name: string): name is SettingKey {
  return Object.hasOwn(settings, name);
}

function isPrefix(name: string): boolean {
  return Object.keys(settings).some((key) => key.startsWith(`${name}.`));
}

function suggestion(name: string): string {
  const near = nearest(name, [...Object.keys(settings), 'ignore']);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function readValue({ kind }: Setting, value: unknown, name: string): SettingValue {
  if (kind === 'list' && Array.isArray(value)) return value.map(String);
  if (kind === 'list' && typeof value === 'string') return [value];
  if (kind === 'map' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
  }
  if (kind === 'switch' && typeof value === 'boolean') return value;
  if (kind === 'number' && typeof value === 'number') return value;
  if ((kind === 'text' || kind === 'choice') && (typeof value === 'string' || typeof value === 'number'))
    return String(value);
  throw new CinzelError('usage.value', { name, value: JSON.stringify(value), allowed: kind });
}

function problem(path: string, text: string): CinzelError {
  return new CinzelError('usage.configuration', { path, problem: text });
}
