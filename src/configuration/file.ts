import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { type Problem, said } from '../core/problems.ts';
import { systemProblem } from '../core/system-problem.ts';
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
  if (error !== undefined) throw fault(path, said(error.message.split('\n')[0]?.replace(/:$/, '') ?? ''));
  const values = new Map<SettingKey, FileValue>();
  let ignore: readonly unknown[] = [];
  const visit = (node: unknown, prefix: string): void => {
    if (!isMap(node)) throw fault(path, prefix === '' ? 'no-keys' : { kind: 'value-without-keys', key: prefix });
    for (const { key: keyNode, value: valueNode } of node.items) {
      const name = `${prefix}${isScalar(keyNode) ? String(keyNode.value) : String(keyNode)}`;
      const line = isScalar(keyNode) && keyNode.range ? lines.linePos(keyNode.range[0]).line : 1;
      const value: unknown =
        valueNode === null ? null : (valueNode as { toJS(document: unknown): unknown }).toJS(document);
      if (name === 'ignore') {
        if (!Array.isArray(value))
          throw fault(path, { kind: 'at-line', line, problem: { kind: 'no-list', key: name } });
        ignore = value;
      } else if (isKey(name) && !(isMap(valueNode) && settings[name].kind !== 'map')) {
        values.set(name, { value: readValue(settings[name], value, `${path}:${line}: ${name}`), line });
      } else if (isMap(valueNode) && isPrefix(name)) visit(valueNode, `${name}.`);
      else throw fault(path, { kind: 'at-line', line, problem: unknownSetting(name) });
    }
  };
  if (document.contents !== null) visit(document.contents, '');
  return { path, values, ignore };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  }
}

function isKey(name: string): name is SettingKey {
  return Object.hasOwn(settings, name);
}

function isPrefix(name: string): boolean {
  return Object.keys(settings).some((key) => key.startsWith(`${name}.`));
}

function unknownSetting(name: string): Problem {
  const near = nearest(name, [...Object.keys(settings), 'ignore']);
  return { kind: 'unknown-setting', name, ...(near === undefined ? {} : { near }) };
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
  throw new CinzelError('usage.value', {
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
    allowed: examples[kind],
  });
}

const examples: Readonly<Record<Setting['kind'], string>> = {
  switch: 'true, false',
  number: '0, 1, 2 …',
  list: '[A, B …]',
  map: '{NAME: VALUE …}',
  text: '"…"',
  choice: '"…"',
};

function fault(path: string, problem: Problem): CinzelError {
  return new CinzelError('usage.configuration', { path, problem });
}
