import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { resolveReference } from './resolve-reference.ts';

/** Schemas may contain themselves. */
const depthLimit = 8;

const formats: Readonly<Record<string, string>> = {
  date: '2024-01-01',
  'date-time': '2024-01-01T00:00:00Z',
  email: 'user@example.org',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'http://example.org/',
  ipv4: '192.0.2.1',
};

/** A value that fits a JSON Schema, the same each time: its example, its default, else the simplest. */
export function exampleOf(schema: JsonObject, document: JsonObject, depth = 0): JsonValue {
  const own = resolveReference(schema, document);
  const given =
    own['example'] ?? asArray(own['examples'])[0] ?? own['default'] ?? own['const'] ?? asArray(own['enum'])[0];
  if (given !== undefined) return given as JsonValue;
  const [chosen] = [...asArray(own['oneOf']), ...asArray(own['anyOf'])];
  if (depth > depthLimit) return null;
  if (chosen !== undefined) return exampleOf(asObject(chosen as JsonValue) ?? {}, document, depth + 1);
  const all = asArray(own['allOf']).map((part) => exampleOf(asObject(part as JsonValue) ?? {}, document, depth + 1));
  if (all.length > 0) return Object.assign({}, ...all) as JsonValue;
  switch (typeOf(own)) {
    case 'object':
      return objectExample(own, document, depth);
    case 'array':
      return [exampleOf(asObject(own['items']) ?? {}, document, depth + 1)];
    case 'integer':
    case 'number':
      return numberExample(own);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textExample(own);
  }
}

function typeOf(schema: JsonObject): string {
  const type = schema['type'];
  const name = asString(type) ?? asString(asArray(type)[0] as JsonValue);
  return name ?? (schema['properties'] === undefined ? 'string' : 'object');
}

function objectExample(schema: JsonObject, document: JsonObject, depth: number): JsonValue {
  const required = new Set(asArray(schema['required']));
  const properties = Object.entries(asObject(schema['properties']) ?? {});
  const taken = required.size === 0 ? properties : properties.filter(([name]) => required.has(name));
  return Object.fromEntries(
    taken.map(([name, value]) => [name, exampleOf(asObject(value) ?? {}, document, depth + 1)]),
  );
}

function numberExample(schema: JsonObject): number {
  const minimum = Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? 0);
  return minimum >= 1 ? Math.ceil(minimum) + (schema['exclusiveMinimum'] === undefined ? 0 : 1) : 1;
}

function textExample(schema: JsonObject): string {
  const text = formats[asString(schema['format']) ?? ''] ?? 'text';
  return text.padEnd(Number(schema['minLength'] ?? 0), 'x');
}
