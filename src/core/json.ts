import { CinzelError } from './errors.ts';
import type { Subject } from './subjects.ts';

/** Any JSON value, as parseJson gives it: no object holds a `__proto__` key. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Parses untrusted JSON. Throws `untrusted.malformed` that names the document. */
export function parseJson(text: string | Uint8Array, what: Subject): JsonValue {
  const source = typeof text === 'string' ? text : decodeUtf8(text);
  try {
    const json = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
    // A reviver costs several times the parse itself: pay for it only where the key can occur, escaped or not.
    return JSON.parse(json, /__proto__|\\u00[4-7]/i.test(json) ? withoutPrototype : undefined) as JsonValue;
  } catch (cause) {
    throw new CinzelError(
      'untrusted.malformed',
      { what, problem: { kind: 'bad-json', detail: firstLine(cause) } },
      { cause },
    );
  }
}

/** Without a copy, as Buffer.from of an array of bytes would make one. */
function decodeUtf8({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

function withoutPrototype(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.hasOwn(value, '__proto__') ? dropPrototypeKey(value) : value;
}

function dropPrototypeKey(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '__proto__'));
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function asArray(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function asStrings(value: JsonValue | undefined): readonly string[] {
  return asArray(value).filter((item): item is string => typeof item === 'string');
}
