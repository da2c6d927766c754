import parse from 'spdx-expression-parse';
import { sha256 } from '../core/digest.ts';
import { escapeTerminal } from './escape.ts';

/** What a document says of a package's licences. */
export interface LicenseStatement {
  /** One valid SPDX expression (SPDX 2.3, annex D) of all of them; absent when there are none. */
  readonly expression?: string;
  /** Its `LicenseRef-` identifiers with the texts that they stand for. */
  readonly references: readonly LicenseReference[];
}

export interface LicenseReference {
  readonly id: string;
  readonly text: string;
}

type Node = ReturnType<typeof parse>;

/** Joins a package's licences with AND; a text that is no SPDX expression becomes a `LicenseRef-` of its own. */
export function stateLicenses(licenses: readonly string[]): LicenseStatement {
  const terms = [...new Set(licenses.filter((text) => text.trim() !== ''))].map(readTerm);
  const references = terms.flatMap((term) => term.references);
  if (terms.length === 0) return { references };
  const needsParentheses = terms.length > 1;
  const expression = terms
    .map((term) => (term.isChoice && needsParentheses ? `(${term.text})` : term.text))
    .join(' AND ');
  return { expression, references };
}

interface Term {
  readonly text: string;
  readonly isChoice: boolean;
  readonly references: readonly LicenseReference[];
}

function readTerm(license: string): Term {
  const node = parseExpression(license);
  if (node === undefined) {
    const id = referenceId(license);
    return { text: id, isChoice: false, references: [{ id, text: escapeTerminal(license) }] };
  }
  const references = licenseNames(node)
    .filter((name) => name.startsWith('LicenseRef-'))
    .map((id) => ({ id, text: id.slice('LicenseRef-'.length).replaceAll('-', ' ') }));
  return { text: license.trim(), isChoice: 'conjunction' in node && node.conjunction === 'or', references };
}

/** Longest expression that is looked at: the parser recurses, and no real licence comes near. */
const longest = 2_000;

/** The expression's tree, or undefined when it is none. The characters are checked first: the parser skips strange ones. */
function parseExpression(text: string): Node | undefined {
  if (text.length > longest || !/^[A-Za-z0-9.+:() -]+$/.test(text) || text.includes('DocumentRef-')) return undefined;
  try {
    return parse(text.trim());
  } catch {
    return undefined;
  }
}

function licenseNames(node: Node): readonly string[] {
  return 'license' in node ? [node.license] : [...licenseNames(node.left), ...licenseNames(node.right)];
}

/** `LicenseRef-` takes letters, digits, `.` and `-` only; the hash keeps different texts apart. */
function referenceId(text: string): string {
  const slug = text
    .replace(/^LicenseRef-/, '')
    .slice(0, 40)
    .replaceAll(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-/, '');
  return `LicenseRef-${slug}${slug === '' || slug.endsWith('-') ? '' : '-'}${sha256(text).slice(7, 15)}`;
}
