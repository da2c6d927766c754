import { code, table } from './markdown.mjs';

/** The keys of one part of an object that a JSON Schema describes, however deep. */
export function fieldTable({ properties, required }, part) {
  const rows = fieldRows(part, properties[part], required.includes(part));
  return table(['key', 'value', 'present', 'meaning'], rows);
}

function fieldRows(path, schema, always) {
  const row = [code(path), typeOf(schema), always ? 'always' : 'where known', schema.description ?? ''];
  return [row, ...keysBelow(path, schema).flatMap(([key, value, required]) => fieldRows(key, value, required))];
}

function keysBelow(path, schema) {
  const variants = schema.anyOf ?? [schema];
  const entries = variants.flatMap((variant) => {
    const { properties, required = [] } = variant.items ?? variant;
    const prefix = variant.items === undefined ? `${path}.` : `${path}[].`;
    return Object.entries(properties ?? {}).map(([key, value]) => [`${prefix}${key}`, value, required.includes(key)]);
  });
  const keys = [...new Set(entries.map(([key]) => key))];
  return keys.map((key) =>
    joinVariants(
      key,
      entries.filter((entry) => entry[0] === key),
      variants.length,
    ),
  );
}

/** A key has the values of all variants, and is always there only if it is in each. */
function joinVariants(key, entries, count) {
  const schemas = entries.map(([, schema]) => schema);
  const values = schemas.flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]));
  const schema = schemas.length > 1 && values.length > 0 ? { enum: values } : schemas[0];
  return [key, schema, entries.length === count && entries.every(([, , required]) => required)];
}

function typeOf({ type, enum: values, const: constant, items, anyOf }) {
  if (constant !== undefined) return code(JSON.stringify(constant));
  if (values !== undefined) return values.map((value) => code(value)).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ');
  return type === 'array' ? `list of ${items.type}s` : type;
}
