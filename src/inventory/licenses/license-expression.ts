import { type LicenseIds, licenseId, licenseReference } from './license-ids.ts';
import { exceptionNames } from './license-names.ts';

type Operator = 'AND' | 'OR';

/** An expression and the operator at its top, which decides where parentheses are needed. */
interface Term {
  readonly text: string;
  readonly operator?: Operator;
  /** Whether SPDX lists every licence in it. */
  readonly isKnown: boolean;
}

const longest = 1_000;

/** More words than this are a text, not the name of a licence. */
const wordsInName = 6;

/**
 * The SPDX expression (SPDX 2.3, annex D) that a statement means: an SPDX expression in any case, a name in prose, or
 * the language of Debian's copyright files, where a comma before an operator binds looser ("A or B, and C"). A name
 * that SPDX does not list becomes a `LicenseRef-`. Undefined when the statement is empty or a text rather than names.
 */
export function readLicense(statement: string, ids: LicenseIds): string | undefined {
  const text = statement.trim();
  if (text === '' || text.length > longest) return undefined;
  const whole = licenseId(text, ids);
  if (whole !== undefined) return whole;
  const reader = new ExpressionReader(text, ids);
  const term = reader.expression();
  return term !== undefined && reader.atEnd() ? term.text.replace(/^\(([^()]*)\)$/, '$1') : undefined;
}

/** Joins expressions so that all of them, or any, must be obeyed. */
export function joinLicenses(expressions: readonly string[], operator: Operator): string | undefined {
  const other = operator === 'AND' ? ' OR ' : ' AND ';
  const distinct = [...new Set(expressions)];
  if (distinct.length < 2) return distinct[0];
  return distinct.map((text) => (text.includes(other) ? `(${text})` : text)).join(` ${operator} `);
}

/** Reads `loose := or ((", and" | ", or" | ",") or)*`, `or := and ("or" and)*`, `and := atom ("and" atom)*`. */
class ExpressionReader {
  readonly #tokens: readonly string[];
  readonly #ids: LicenseIds;
  #position = 0;

  constructor(text: string, ids: LicenseIds) {
    this.#tokens = text.match(/[(),]|[^\s(),]+/g) ?? [];
    this.#ids = ids;
  }

  atEnd(): boolean {
    return this.#position >= this.#tokens.length;
  }

  expression(): Term | undefined {
    let left = this.#chain('OR');
    while (left !== undefined && this.#take(',')) {
      const operator = operatorOf(this.#peek());
      if (operator !== undefined) this.#position++;
      const right = this.#chain('OR');
      // Commas alone part licences only where licences are known; else this is a sentence.
      if (operator === undefined && (!left.isKnown || right?.isKnown !== true)) return undefined;
      left = join(left, operator ?? 'AND', right);
    }
    return left;
  }

  #chain(operator: Operator): Term | undefined {
    const next = (): Term | undefined => (operator === 'OR' ? this.#chain('AND') : this.#atom());
    let left = next();
    while (left !== undefined && operatorOf(this.#peek()) === operator) {
      this.#position++;
      left = join(left, operator, next());
    }
    return left;
  }

  #atom(): Term | undefined {
    if (this.#take('(')) {
      const inner = this.expression();
      return this.#take(')') ? inner : undefined;
    }
    const words = this.#words();
    if (words.length === 0 || words.length > wordsInName) return undefined;
    const exception = this.#peek()?.toLowerCase() === 'with' ? this.#exception() : undefined;
    const name = words.join(' ');
    const id = licenseId(name, this.#ids) ?? this.#alternatives(name);
    if (exception === undefined) return named(id, name);
    const exceptionName = id === undefined ? undefined : exceptionId(exception, id);
    return named(exceptionName === undefined ? undefined : `${id} WITH ${exceptionName}`, `${name} with ${exception}`);
  }

  /** Cargo's and npm's old `MIT/Apache-2.0`. */
  #alternatives(name: string): string | undefined {
    const parts = name.split('/').map((part) => licenseId(part, this.#ids));
    const known = parts.filter((part) => part !== undefined);
    return parts.length > 1 && known.length === parts.length ? `(${joinLicenses(known, 'OR')})` : undefined;
  }

  #exception(): string {
    this.#position++;
    return this.#words().join(' ');
  }

  #words(): readonly string[] {
    const start = this.#position;
    for (let token = this.#peek(); token !== undefined && isWord(token); token = this.#peek()) this.#position++;
    return this.#tokens.slice(start, this.#position);
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#position++;
    return true;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#position];
  }
}

function named(id: string | undefined, name: string): Term {
  return id === undefined ? { text: licenseReference(name), isKnown: false } : { text: id, isKnown: true };
}

function isWord(token: string): boolean {
  return !/^[(),]$/.test(token) && operatorOf(token) === undefined && token.toLowerCase() !== 'with';
}

function operatorOf(token: string | undefined): Operator | undefined {
  const upper = token?.toUpperCase();
  if (upper === 'AND' || upper === '&') return 'AND';
  return upper === 'OR' || upper === 'AND/OR' || upper === '|' ? 'OR' : undefined;
}

function join(left: Term, operator: Operator, right: Term | undefined): Term | undefined {
  if (right === undefined) return undefined;
  const sides = [left, right].map(({ text, operator: top }) =>
    top === undefined || top === operator ? text : `(${text})`,
  );
  return { text: sides.join(` ${operator} `), operator, isKnown: left.isKnown && right.isKnown };
}

const exceptionPattern = /^[A-Za-z0-9.-]*-(?:exception|note)(?:-[0-9.]+)?$/;

function exceptionId(exception: string, license: string): string | undefined {
  if (exceptionPattern.test(exception)) return exception;
  const name = exception
    .toLowerCase()
    .replace(/[ -]exceptions?(?:[ -][\d.]+)?$/, '')
    .replace(/[ -]data$/, '');
  const known = Object.hasOwn(exceptionNames, name) ? exceptionNames[name] : undefined;
  return typeof known === 'object' ? known[/-(\d)/.exec(license)?.[1] ?? ''] : known;
}
