import { type Setting, type SettingKey, settings } from './settings.ts';

type Schema = Readonly<Record<string, unknown>>;

export interface ConfigurationSchemaParts {
  /** What each setting is for. */
  readonly descriptions: Readonly<Record<SettingKey, string>>;
  /** The schema of `ignore:`, whose items findings/ understands. */
  readonly ignore: Schema;
}

/** The published JSON Schema (2020-12) of `.cinzel.yaml`. A key with dots may be written whole or as nested keys. */
export function configurationJsonSchema({ descriptions, ignore }: ConfigurationSchemaParts): object {
  const whole = Object.fromEntries(keys.map((key) => [key, valueSchema(settings[key], descriptions[key])]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:cinzel:schema:configuration:1',
    title: 'Cinzel configuration (.cinzel.yaml)',
    type: 'object',
    properties: { ...whole, ...nested('', descriptions), ignore },
    additionalProperties: false,
  };
}

const keys = Object.keys(settings) as readonly SettingKey[];

/** The schemas of the groups below a prefix: `cache` of `cache.dir`. A group whose name is a setting may be either. */
function nested(
  prefix: string,
  descriptions: ConfigurationSchemaParts['descriptions'],
): Readonly<Record<string, Schema>> {
  const below = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const groups = new Set(below.filter((key) => key.includes('.')).map((key) => key.slice(0, key.indexOf('.'))));
  return Object.fromEntries([...groups].map((name) => [name, groupSchema(`${prefix}${name}`, descriptions)]));
}

function groupSchema(name: string, descriptions: ConfigurationSchemaParts['descriptions']): Schema {
  const leaves = keys.filter((key) => key.startsWith(`${name}.`) && !key.slice(name.length + 1).includes('.'));
  const properties = Object.fromEntries(
    leaves.map((key) => [key.slice(name.length + 1), valueSchema(settings[key], descriptions[key])]),
  );
  const group = {
    type: 'object',
    properties: { ...properties, ...nested(`${name}.`, descriptions) },
    additionalProperties: false,
  };
  return isSetting(name) ? { anyOf: [valueSchema(settings[name], descriptions[name]), group] } : group;
}

function isSetting(name: string): name is SettingKey {
  return Object.hasOwn(settings, name);
}

const scalar = { type: ['string', 'number'] };

function valueSchema(setting: Setting, description: string): Schema {
  const byDefault = setting.default === undefined ? {} : { default: setting.default };
  return { description, ...byDefault, ...typeSchema(setting) };
}

function typeSchema({ kind, choices }: Setting): Schema {
  switch (kind) {
    case 'text':
      return scalar;
    case 'choice':
      return { enum: choices };
    case 'switch':
      return { type: 'boolean' };
    case 'number':
      return { type: 'number', minimum: 0 };
    case 'list':
      return { anyOf: [{ type: 'string' }, { type: 'array', items: scalar }] };
    case 'map':
      return { type: 'object', additionalProperties: scalar };
  }
}
