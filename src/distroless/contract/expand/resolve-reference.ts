import { asObject, asString, type JsonObject, type JsonValue } from '../../../core/json.ts';

/** Follows `#/…` inside the document. */
export function resolveReference(value: JsonValue | undefined, document: JsonObject, hops = 20): JsonObject {
  const object = asObject(value) ?? {};
  const reference = asString(object['$ref']);
  if (reference?.startsWith('#/') !== true || hops === 0) return object;
  let at: JsonValue | undefined = document;
  for (const part of reference.slice(2).split('/')) {
    at = asObject(at)?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return resolveReference(at, document, hops - 1);
}
