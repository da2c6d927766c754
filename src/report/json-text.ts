import { escapeJson, wellFormed } from './escape.ts';

/**
 * JSON text, indented by two, in pieces: the members of the top level one at a time, and their list items some at a
 * time, so that a large result is never one string. Keys keep their order; undefined members are left out.
 */
export function* jsonText(document: object): Iterable<string> {
  const members = Object.entries(document).filter(([, value]) => value !== undefined);
  if (members.length === 0) return yield '{}\n';
  for (const [index, [key, value]] of members.entries()) {
    yield `${index === 0 ? '{' : ','}\n  ${escapeJson(JSON.stringify(key))}: `;
    yield* Array.isArray(value) ? listText(value) : [indented(value, '  ')];
  }
  yield '\n}\n';
}

function* listText(items: readonly unknown[]): Iterable<string> {
  if (items.length === 0) return yield '[]';
  for (let index = 0; index < items.length; index += itemsAtOnce) {
    yield `${index === 0 ? '[' : ','}${itemsText(items.slice(index, index + itemsAtOnce))}`;
  }
  yield '\n  ]';
}

const itemsAtOnce = 100;

/** Written where they will stand, in an object's list: indenting them afterwards would cost more than writing them. */
function itemsText(items: readonly unknown[]): string {
  const text = JSON.stringify({ items }, undefined, 2);
  return escapeJson(text.slice(before.length, -after.length));
}

const [before = '', after = ''] = JSON.stringify({ items: [0] }, undefined, 2).split('\n    0');

function indented(value: unknown, indentation: string): string {
  return escapeJson(JSON.stringify(value, undefined, 2)).replaceAll('\n', `\n${indentation}`);
}

/** The same document with every text well-formed Unicode: what other tools' JSON readers accept. */
export function wellFormedDocument<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    typeof item === 'string' ? wellFormed(item) : item,
  ) as Value;
}
