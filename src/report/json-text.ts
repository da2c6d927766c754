import { escapeJson, wellFormed } from './escape.ts';

/**
 * JSON text, indented by two, in pieces: the members of the top level one at a time, and their list items one at a time,
 * so that a large result is never one string. Keys keep their order; undefined members are left out.
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
  for (const [index, item] of items.entries()) yield `${index === 0 ? '[' : ','}\n    ${indented(item, '    ')}`;
  yield '\n  ]';
}

function indented(value: unknown, indentation: string): string {
  return escapeJson(JSON.stringify(value, undefined, 2)).replaceAll('\n', `\n${indentation}`);
}

/** The same document with every text well-formed Unicode: what other tools' JSON readers accept. */
export function wellFormedDocument<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    typeof item === 'string' ? wellFormed(item) : item,
  ) as Value;
}
