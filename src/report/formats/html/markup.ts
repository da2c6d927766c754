import { escapeTerminal } from '../../escape.ts';

const content = Symbol('markup');

/** HTML that may be written as it is. Only `html` makes it, so a plain string can never pass for it. */
export interface Markup {
  readonly [content]: string;
}

/** What may stand in a template: text and numbers are escaped, absent values and empty lists write nothing. */
export type Piece = string | number | Markup | undefined | readonly Piece[];

/**
 * A template whose every value is escaped, for text and for double-quoted attribute values alike (HTML Living Standard,
 * section 13.3). Values must not stand in unquoted attributes, tag names, scripts or styles.
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = strings[0] ?? '';
  pieces.forEach((piece, index) => {
    text += write(piece) + (strings[index + 1] ?? '');
  });
  return { [content]: text };
}

/** The HTML as a string, ready for a file. */
export function serialize(markup: Markup): string {
  return markup[content];
}

/** Code that this project wrote itself (its own script and style), taken as it is. */
export function ownCode(text: string): Markup {
  return { [content]: text };
}

function write(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string') return escapeHtml(piece);
  if (typeof piece === 'number') return String(piece);
  if (isList(piece)) return piece.map(write).join('');
  return piece[content];
}

function isList(piece: Markup | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return escapeTerminal(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
