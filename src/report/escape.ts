/**
 * Characters that a reader cannot see or that act on a terminal or on their neighbours: controls, format characters
 * (bidirectional overrides and isolates, zero-width spaces, tags; Unicode TR 9 and TR 36), line and paragraph
 * separators, non-characters, and lone surrogates, which stand for bytes of a name that is not UTF-8. The joiners
 * U+200C and U+200D stay: scripts and emoji need them.
 */
const deceptive = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?![\u200C\u200D])\p{Cf}/gu;
const plain = /^[\x20-\x7E]*$/;
/** Told from the rest before any question about a character's properties, which costs much more. */
const notPlain = /[^\n\x20-\x7E]+/g;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' };

/**
 * The text on one line, with each deceptive character written as its escape: `\e[31m`, `\u{202e}`, and `\xe9` for a
 * byte that is not UTF-8.
 */
export function escapeTerminal(text: string): string {
  return plain.test(text) ? text : text.replaceAll(deceptive, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const isByte = code >= 0xdc80 && code <= 0xdcff;
  return named[character] ?? (isByte ? `\\x${(code - 0xdc00).toString(16)}` : `\\u{${code.toString(16)}}`);
}

/** The text with bytes that are not UTF-8 as `\xe9`, for JSON whose readers may refuse lone surrogates (RFC 8259, 8.2). */
export function wellFormed(text: string): string {
  return plain.test(text) ? text : text.replaceAll(/\p{Cs}/gu, escapeCharacter);
}

/**
 * Text for one place in GitHub-flavoured Markdown (also inside a table): nothing in it is markup, a link, a mention or
 * an issue reference. Mentions, references and bare links are looked for after parsing, so an escape does not stop
 * them; a zero-width space does.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|~!$]/g, '\\$&')
    .replace(/^(\s*)([-+=#])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replaceAll(/@|#(?=\d)|(?<=www)\.|:(?=\/\/)/gi, '$&&#8203;');
}

/**
 * JSON text with every deceptive character inside its strings as `\uXXXX`: it means the same, and does nothing to a
 * terminal that shows it. JSON's own syntax has no such character but the line break.
 */
export function escapeJson(json: string): string {
  return json.replaceAll(notPlain, (run) => run.replaceAll(deceptive, escapeUnits));
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/** Text for an XML attribute or element (XML 1.0, sections 2.2 and 2.4); what XML cannot hold is escaped visibly. */
export function escapeXml(text: string): string {
  return escapeTerminal(text).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A reference of ASCII characters that URIs may hold; different texts give different references. */
export function escapeReference(text: string): string {
  return text.replaceAll(/[^\w.~/@:+#-]/gu, (character) =>
    /\p{Cs}/u.test(character) ? `%u${character.charCodeAt(0).toString(16)}` : encodeURIComponent(character),
  );
}
