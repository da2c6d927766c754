import { CinzelError } from '../core/errors.ts';
import {
  environmentName,
  type Setting,
  type SettingKey,
  type SettingValue,
  settings,
  type ValueOf,
} from './settings.ts';

/** Where a value was set, weakest last. */
export type Origin =
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly line: number }
  | { readonly kind: 'default' };

/** A value as found in the configuration file. */
export interface FileValue {
  readonly value: SettingValue;
  readonly line: number;
}

/** What the three sources say; a source that is absent says nothing. */
export interface ConfigurationSources {
  readonly flags?: Partial<Record<SettingKey, SettingValue>>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly file?: { readonly path: string; readonly values: ReadonlyMap<SettingKey, FileValue> };
}

/** Every setting's value with where it came from. */
export interface Configuration {
  get<Key extends SettingKey>(key: Key): ValueOf<Key>;
  origin(key: SettingKey): Origin;
}

/** Resolves settings: flags > environment > file > defaults. Throws `usage.value` for a value that its kind forbids. */
export function resolveConfiguration(sources: ConfigurationSources): Configuration {
  const found = new Map<SettingKey, { readonly value: SettingValue | undefined; readonly origin: Origin }>();
  for (const key of Object.keys(settings) as SettingKey[]) found.set(key, resolve(key, sources));
  return {
    get: <Key extends SettingKey>(key: Key) => found.get(key)?.value as ValueOf<Key>,
    origin: (key) => found.get(key)?.origin ?? { kind: 'default' },
  };
}

function resolve(key: SettingKey, sources: ConfigurationSources): { value: SettingValue | undefined; origin: Origin } {
  const setting: Setting = settings[key];
  const flag = sources.flags?.[key];
  if (flag !== undefined) {
    return {
      value: checked(setting, flag, `--${setting.flag ?? key}`),
      origin: { kind: 'flag', name: setting.flag ?? key },
    };
  }
  const name = environmentName(key);
  const text = sources.environment?.[name];
  if (text !== undefined && text !== '')
    return { value: parseText(setting, text, name), origin: { kind: 'environment', name } };
  const written = sources.file?.values.get(key);
  if (written !== undefined && sources.file !== undefined) {
    const { path } = sources.file;
    return { value: checked(setting, written.value, key), origin: { kind: 'file', path, line: written.line } };
  }
  return { value: setting.default, origin: { kind: 'default' } };
}

/** Reads a value from text, as flags and the environment give it. */
export function parseText(setting: Setting, text: string, name: string): SettingValue {
  switch (setting.kind) {
    case 'text':
      return text;
    case 'choice':
      return checked(setting, text, name);
    case 'switch':
      return parseSwitch(text, name);
    case 'number':
      return checked(setting, Number(text), name, text);
    case 'list':
      return splitList(text);
    case 'map':
      return Object.fromEntries(splitList(text).map((pair) => splitPair(pair, name)));
  }
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `NAME=VALUE` as a pair. Throws `usage.value`. */
export function splitPair(pair: string, name: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals <= 0) throw new CinzelError('usage.value', { name, value: pair, allowed: 'NAME=VALUE' });
  return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}

function parseSwitch(text: string, name: string): boolean {
  if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return true;
  if (['0', 'false', 'no', 'off'].includes(text.toLowerCase())) return false;
  throw new CinzelError('usage.value', { name, value: text, allowed: 'true, false' });
}

function checked(setting: Setting, value: SettingValue, name: string, written = String(value)): SettingValue {
  if (setting.choices !== undefined && !setting.choices.includes(String(value))) {
    throw new CinzelError('usage.value', { name, value: written, allowed: setting.choices.join(', ') });
  }
  if (setting.kind === 'number' && !(typeof value === 'number' && Number.isFinite(value) && value >= 0)) {
    throw new CinzelError('usage.value', { name, value: written, allowed: '0, 1, 2 …' });
  }
  return value;
}
