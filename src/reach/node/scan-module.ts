import type { AnyNode, Program } from 'acorn';
import type { ImagePath } from '../../core/path.ts';
import { calledName, type Folded, Folder } from './fold.ts';
import { parseJavaScript, visitNodes } from './syntax.ts';

/** What one JavaScript file asks for. */
export interface ModuleScan {
  readonly specifiers: readonly { readonly specifier: string; readonly mode: 'import' | 'require' }[];
  /** How the names of computed modules begin: `./locale/`. */
  readonly prefixes: readonly string[];
  /** Computed modules of which nothing is known, as they are written. */
  readonly computed: readonly string[];
  /** Absolute paths that it makes from its own place. */
  readonly paths: readonly string[];
  /** How absolute paths begin that it completes when it runs. */
  readonly pathPrefixes: readonly string[];
  readonly commands: readonly ModuleCommand[];
  /** Texts that may be names of packages. */
  readonly names: readonly string[];
  /** Whether it could be parsed. */
  readonly understood: boolean;
}

/** A program that it starts. */
export interface ModuleCommand {
  /** Words, or a line for the shell. Absent when it is computed. */
  readonly argv?: readonly string[];
  readonly line?: string;
  /** As it is written. */
  readonly text: string;
}

const interesting = /\brequire\b|\bimport\b|\bexport\b|__dirname|__filename|child_process|createRequire|\bWorker\b/;
const packageName = /^(?:@[\w.-]+\/)?[a-zA-Z][\w.-]*$/;
const longest = 20 * 1024 ** 2;
const mostNames = 5_000;

/** Reads what a JavaScript file imports, requires, reads from beside itself and starts. */
export function scanModule(text: string, path: ImagePath): ModuleScan {
  if (text.length > longest) return { ...nothing, understood: false };
  if (!interesting.test(text)) return nothing;
  const program = parseJavaScript(text);
  return program === undefined ? scanText(text) : new Scanner(program, text, path).scan();
}

const nothing: ModuleScan = {
  specifiers: [],
  prefixes: [],
  computed: [],
  paths: [],
  pathPrefixes: [],
  commands: [],
  names: [],
  understood: true,
};

/** Syntax that the parser does not know (JSX, types): literal names are still told. */
function scanText(text: string): ModuleScan {
  const found = [
    ...text.matchAll(/\brequire\s*\(\s*(['"])([^'"\n]+)\1\s*\)/g),
    ...text.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g),
  ];
  const specifiers = found.flatMap(([, , specifier = '']) =>
    (['import', 'require'] as const).map((mode) => ({ specifier, mode })),
  );
  return { ...nothing, specifiers, understood: false };
}

class Scanner {
  readonly #program: Program;
  readonly #text: string;
  readonly #folder: Folder;
  readonly #specifiers = new Map<string, { readonly specifier: string; readonly mode: 'import' | 'require' }>();
  readonly #prefixes = new Set<string>();
  readonly #computed = new Set<string>();
  readonly #paths = new Set<string>();
  readonly #pathPrefixes = new Set<string>();
  readonly #commands: ModuleCommand[] = [];
  readonly #names = new Set<string>();
  readonly #startsPrograms: boolean;

  constructor(program: Program, text: string, path: ImagePath) {
    this.#program = program;
    this.#text = text;
    this.#folder = new Folder(program, path);
    this.#startsPrograms = /child_process|\bexeca\b|cross-spawn|\bzx\b/.test(text);
  }

  scan(): ModuleScan {
    visitNodes(this.#program, (node) => this.#visit(node));
    return {
      specifiers: [...this.#specifiers.values()],
      prefixes: [...this.#prefixes],
      computed: [...this.#computed],
      paths: [...this.#paths],
      pathPrefixes: [...this.#pathPrefixes],
      commands: this.#commands,
      names: [...this.#names],
      understood: true,
    };
  }

  #visit(node: AnyNode): void {
    if (node.type === 'CallExpression') this.#call(node);
    else if (node.type === 'ImportExpression') this.#module(node.source, 'import', node);
    else if (node.type === 'BinaryExpression' || node.type === 'TemplateLiteral') this.#asset(node);
    else if (node.type === 'Literal') this.#name(node.value);
    else if (node.type === 'NewExpression') {
      if (calledName(node) === 'Worker') this.#path(node.arguments[0]);
      else if (calledName(node) === 'URL') this.#asset(node);
    } else if (
      node.type === 'ImportDeclaration' ||
      node.type === 'ExportAllDeclaration' ||
      node.type === 'ExportNamedDeclaration'
    ) {
      if (typeof node.source?.value === 'string') this.#add(node.source.value, 'import');
    }
  }

  #name(value: unknown): void {
    if (typeof value === 'string' && packageName.test(value) && this.#names.size < mostNames) this.#names.add(value);
  }

  #call(node: AnyNode & { readonly type: 'CallExpression' }): void {
    const { callee } = node;
    const [first] = node.arguments;
    const name = calledName(node);
    if (isRequire(callee)) {
      if (first !== undefined) this.#module(first, 'require', node);
      return;
    }
    if (name === 'join' || name === 'resolve') this.#asset(node);
    if (name === 'fork') this.#path(first);
    if (this.#startsPrograms) this.#command(node, name);
  }

  /** A module whose name is an expression: each branch of a choice counts. */
  #module(expression: AnyNode, mode: 'import' | 'require', call: AnyNode): void {
    if (expression.type === 'ConditionalExpression') {
      this.#module(expression.consequent, mode, call);
      this.#module(expression.alternate, mode, call);
      return;
    }
    if (expression.type === 'LogicalExpression') {
      this.#module(expression.right, mode, call);
      if (this.#folder.fold(expression.left) === undefined) return;
      this.#module(expression.left, mode, call);
      return;
    }
    const folded = this.#folder.fold(expression);
    if (folded?.kind === 'text') this.#add(folded.text, mode);
    else if (folded !== undefined && /^(?:\.{0,2}\/|@?[\w-]+\/)/.test(folded.text)) this.#prefixes.add(folded.text);
    else this.#computed.add(this.#written(call));
  }

  #add(specifier: string, mode: 'import' | 'require'): void {
    this.#specifiers.set(`${mode} ${specifier}`, { specifier, mode });
  }

  /** A file that is run as a program or thread of its own. */
  #path(argument: AnyNode | undefined): void {
    const folded = this.#folder.fold(argument);
    if (folded?.kind !== 'text') return;
    if (folded.text.startsWith('/')) this.#paths.add(folded.text);
    else this.#add(folded.text.startsWith('.') ? folded.text : `./${folded.text}`, 'require');
  }

  #asset(node: AnyNode): void {
    const folded: Folded = this.#folder.fold(node);
    if (folded === undefined || !folded.text.startsWith('/') || folded.text.length > 4096) return;
    if (folded.kind === 'text') this.#paths.add(folded.text);
    else this.#pathPrefixes.add(folded.text);
  }

  #command(node: AnyNode & { readonly type: 'CallExpression' }, name: string | undefined): void {
    const text = this.#written(node);
    const [first, second] = node.arguments;
    const folded = this.#folder.fold(first);
    const known = folded?.kind === 'text' ? folded.text : undefined;
    if (name === 'exec' || name === 'execSync') {
      // `exec` is also what regular expressions are asked with: only a text or a namespace tells them apart.
      if (known !== undefined) this.#commands.push({ line: known, text });
      return;
    }
    if (!/^(?:spawn|spawnSync|execFile|execFileSync|execa|execaSync)$/.test(name ?? '')) return;
    if (known === undefined) {
      if (!/^process\.(?:execPath|argv)/.test(this.#written(first))) this.#commands.push({ text });
      else this.#path(second?.type === 'ArrayExpression' ? (second.elements[0] ?? undefined) : undefined);
      return;
    }
    const words =
      second?.type === 'ArrayExpression' ? second.elements.map((element) => this.#folder.fold(element)) : [];
    const argv = [known, ...words.flatMap((word) => (word?.kind === 'text' ? [word.text] : []))];
    this.#commands.push({ argv, text });
  }

  #written(node: AnyNode | undefined): string {
    if (node === undefined) return '';
    const text = this.#text.slice(node.start, Math.min(node.end, node.start + 80)).replace(/\s+/g, ' ');
    return node.end - node.start > 80 ? `${text}…` : text;
  }
}

/** `require`, `require.resolve`, `module.require`, and the names that bundlers give it. */
function isRequire(callee: AnyNode): boolean {
  if (callee.type === 'Identifier')
    return /^(?:require|__non_webpack_require__|nativeRequire|_?require_?)$/.test(callee.name);
  if (
    callee.type !== 'MemberExpression' ||
    callee.property.type !== 'Identifier' ||
    callee.object.type !== 'Identifier'
  )
    return false;
  const { name } = callee.property;
  return (
    (callee.object.name === 'require' && name === 'resolve') || (callee.object.name === 'module' && name === 'require')
  );
}
