import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { ZodError, ZodType } from 'zod';
import { nearest } from '../../configuration/nearest.ts';
import { CinzelError, type RecipeProblem } from '../../core/errors.ts';
import { type Problem, said } from '../../core/problems.ts';
import { clearestIssue, type Issue } from './issue.ts';
import { keysAt } from './known-keys.ts';

/** Values that aliases of a document may stand for; more is an attack on memory. */
const aliasLimit = 100;

/** What the parser's codes mean; what only it has words for stays as it says it. */
const known: Readonly<Record<string, Problem>> = {
  DUPLICATE_KEY: 'yaml-repeated-key',
  MULTIPLE_DOCS: 'yaml-documents',
  TAB_AS_INDENT: 'yaml-tab',
  MISSING_CHAR: 'yaml-unclosed',
  BLOCK_AS_IMPLICIT_KEY: 'yaml-nested',
  BAD_SCALAR_START: 'yaml-unquoted',
  BAD_INDENT: 'yaml-indentation',
};

/** A kind of YAML document that people write. */
export interface DocumentKind<Value> {
  readonly code: 'usage.recipe' | 'usage.contract';
  readonly schema: ZodType<Value>;
}

/**
 * Understands the text of a document. Throws the kind's error, which names line and column of the first thing that is
 * wrong, and the key that was probably meant.
 */
export async function readDocument<Value>(text: string, path: string, kind: DocumentKind<Value>): Promise<Value> {
  const { LineCounter: Lines, parseDocument } = await import('yaml');
  const lines = new Lines();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place: Place = { path, lines, document, kind };
  const [error] = document.errors;
  if (error !== undefined)
    throw fault(place, error.pos[0], { kind: 'syntax', problem: known[error.code] ?? said(error.message) });
  const result = kind.schema.safeParse(documentValue(place) ?? {});
  if (result.success) return result.data;
  throw explain(result.error, place);
}

interface Place {
  readonly path: string;
  readonly lines: LineCounter;
  readonly document: Document.Parsed;
  readonly kind: DocumentKind<unknown>;
}

function documentValue(place: Place): unknown {
  try {
    return place.document.toJS({ maxAliasCount: aliasLimit });
  } catch (cause) {
    const problem = cause instanceof ReferenceError ? 'yaml-aliases' : said(String(cause));
    throw fault(place, 0, { kind: 'syntax', problem });
  }
}

function explain(error: ZodError, place: Place): CinzelError {
  const issue = clearestIssue(error.issues);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const near = nearest(key, keysAt(place.kind.schema, issue.path));
    return fault(place, keyOffset(place, issue.path, key), {
      kind: 'unknown-key',
      key,
      ...(near === undefined ? {} : { near }),
    });
  }
  return fault(place, offsetOf(place, issue.path), { kind: 'value', key: keyText(issue.path), ...expectation(issue) });
}

function expectation(issue: Issue): { readonly expected: string } {
  if (issue.code === 'invalid_type') return { expected: issue.expected };
  if (issue.code === 'invalid_value') return { expected: issue.values.map(String).join(', ') };
  if (issue.code !== 'invalid_union') return { expected: issue.message };
  return { expected: [...new Set(issue.errors.flat().map((inner) => expectation(inner).expected))].join(' / ') };
}

function keyText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** Where the value is; where it is missing, what should hold it. */
function offsetOf({ document }: Place, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range !== undefined && node.range !== null) return node.range[0];
  }
  return 0;
}

function keyOffset(place: Place, path: readonly PropertyKey[], key: string): number {
  const holder = place.document.getIn([...path], true) as { readonly items?: readonly Pair<Node>[] } | undefined;
  const pair = holder?.items?.find((item) => String(item.key) === key);
  return pair?.key.range?.[0] ?? offsetOf(place, path);
}

function fault({ path, lines, kind }: Place, offset: number, problem: RecipeProblem): CinzelError {
  const { line, col } = lines.linePos(offset);
  return new CinzelError(kind.code, { path, line, column: col, fault: problem });
}
