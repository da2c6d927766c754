import type { AnyNode, Program } from 'acorn';
import { type ImagePath, parentPath } from '../../core/path.ts';
import { visitNodes } from './syntax.ts';

/** What an expression comes to, as far as its text tells: all of it, or how it begins. */
export type Folded =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string }
  | undefined;

const deepest = 20;

/** Tells what expressions of one file come to, from literals, its constants and its own place. */
export class Folder {
  readonly #path: ImagePath;
  readonly #constants = new Map<string, AnyNode | undefined>();

  constructor(program: Program, path: ImagePath) {
    this.#path = path;
    visitNodes(program, (node) => {
      if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return;
      // A name that is declared twice, in whichever scopes, tells nothing.
      this.#constants.set(node.id.name, this.#constants.has(node.id.name) ? undefined : node.init);
    });
  }

  fold(node: AnyNode | null | undefined, depth = 0): Folded {
    if (!node || depth > deepest) return undefined;
    if (node.type === 'Literal') {
      return typeof node.value === 'string' || typeof node.value === 'number' ? text(String(node.value)) : undefined;
    }
    if (node.type === 'TemplateLiteral') {
      return this.#concatenate(
        node.quasis.flatMap((quasi, index) => [
          text(quasi.value.cooked ?? ''),
          ...this.#expression(node, index, depth),
        ]),
      );
    }
    if (node.type === 'BinaryExpression' && node.operator === '+') {
      return this.#concatenate([this.fold(node.left, depth + 1), this.fold(node.right, depth + 1)]);
    }
    if (node.type === 'Identifier') return this.#identifier(node.name, depth);
    if (node.type === 'MemberExpression') return this.#member(node);
    if (node.type === 'CallExpression') return this.#call(node, depth);
    return node.type === 'NewExpression' ? this.#url(node, depth) : undefined;
  }

  #expression(node: AnyNode & { readonly type: 'TemplateLiteral' }, index: number, depth: number): readonly Folded[] {
    const expression = node.expressions[index];
    return expression === undefined ? [] : [this.fold(expression, depth + 1)];
  }

  /** A part that is not known ends what is known. */
  #concatenate(parts: readonly Folded[]): Folded {
    let known = '';
    for (const part of parts) {
      if (part !== undefined) known += part.text;
      if (part?.kind !== 'text') return known === '' ? undefined : { kind: 'prefix', text: known };
    }
    return text(known);
  }

  #identifier(name: string, depth: number): Folded {
    if (name === '__dirname') return text(parentPath(this.#path));
    if (name === '__filename') return text(this.#path);
    return this.fold(this.#constants.get(name), depth + 1);
  }

  /** `import.meta.dirname`, `.filename`, `.url`; `process.execPath` is whatever runs this. */
  #member(node: AnyNode & { readonly type: 'MemberExpression' }): Folded {
    if (node.property.type !== 'Identifier') return undefined;
    const { name } = node.property;
    if (node.object.type === 'MetaProperty') {
      if (name === 'dirname') return text(parentPath(this.#path));
      return name === 'filename' || name === 'url' ? text(this.#path) : undefined;
    }
    return undefined;
  }

  /** `path.join(…)`, `path.resolve(…)`, `path.dirname(…)`, `require.resolve('…')`, `fileURLToPath(…)`. */
  #call(node: AnyNode & { readonly type: 'CallExpression' }, depth: number): Folded {
    const name = calledName(node);
    const parts = node.arguments.map((argument) => this.fold(argument, depth + 1));
    const [first] = parts;
    if (name === 'fileURLToPath') return first;
    if (name === 'dirname' && first?.kind === 'text') return text(parentPath(first.text));
    if (name !== 'join' && name !== 'resolve') return undefined;
    const known = parts.slice(0, parts.findIndex((part) => part?.kind !== 'text') + 1 || undefined);
    const texts = known.flatMap((part) => (part === undefined ? [] : [part.text]));
    if (texts.length === 0 || !(texts[0] ?? '').startsWith('/')) return undefined;
    const joined = joinTexts(texts, name === 'resolve');
    const whole = parts.every((part) => part?.kind === 'text');
    return whole ? text(joined) : { kind: 'prefix', text: known.at(-1) === undefined ? `${joined}/` : joined };
  }

  /** `new URL('./x', import.meta.url)`. */
  #url(node: AnyNode & { readonly type: 'NewExpression' }, depth: number): Folded {
    if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL') return undefined;
    const [name, base] = node.arguments.map((argument) => this.fold(argument, depth + 1));
    if (name?.kind !== 'text' || base?.kind !== 'text' || /^[a-z]+:/i.test(name.text)) return undefined;
    return text(joinTexts([parentPath(base.text), name.text], false));
  }
}

/** The name of what is called: `f(…)` or `a.b.f(…)`. */
export function calledName({
  callee,
}: AnyNode & { readonly type: 'CallExpression' | 'NewExpression' }): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : undefined;
}

function text(content: string): Folded {
  return { kind: 'text', text: content };
}

function joinTexts(texts: readonly string[], resolves: boolean): string {
  let path = '';
  for (const one of texts) path = resolves && one.startsWith('/') ? one : `${path}/${one}`;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
