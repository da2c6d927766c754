import { parser } from '@lezer/python';

/** What one Python file asks for. */
export interface PythonScan {
  readonly imports: readonly PythonImport[];
  /** Texts that may be dotted names of modules, with what follows a colon cut off. */
  readonly names: readonly string[];
  /** Imports whose name is computed, as they are written. */
  readonly computed: readonly string[];
  /** Groups of entry points that it loads. */
  readonly entryPoints: readonly string[];
  readonly commands: readonly PythonCommand[];
}

export interface PythonImport {
  /** Dotted; empty in `from . import x`. */
  readonly module: string;
  /** Dots before it: 0 for an absolute import. */
  readonly level: number;
  /** Names after `import`, which may be modules too. */
  readonly names: readonly string[];
}

/** A program that it starts: words, or a line for the shell. */
export type PythonCommand = { readonly argv: readonly string[] } | { readonly line: string };

type Node = ReturnType<typeof parser.parse>['topNode'];

const longest = 8 * 1024 ** 2;
const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const starters =
  /^(?:(?:subprocess\.)?(?:run|Popen|call|check_call|check_output|getoutput)|os\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?)|(?:asyncio\.)?create_subprocess_(?:exec|shell))$/;
const mostNames = 5_000;

/** Reads what a Python file imports, names and starts. The parser takes damaged text too; nothing is thrown. */
export function scanPython(text: string): PythonScan {
  const scanner = new Scanner(text.length > longest ? '' : text);
  scanner.scan();
  return scanner;
}

class Scanner implements PythonScan {
  readonly imports: PythonImport[] = [];
  readonly names: string[] = [];
  readonly computed: string[] = [];
  readonly entryPoints: string[] = [];
  readonly commands: PythonCommand[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    const cursor = parser.parse(this.#text).cursor();
    do {
      if (cursor.name === 'ImportStatement') this.#import(cursor.node);
      else if (cursor.name === 'CallExpression') this.#call(cursor.node);
      else if (cursor.name === 'String') this.#name(this.#string(cursor.node));
    } while (cursor.next());
  }

  /** `import a.b as c, d` and `from ..a import b as c, d`. */
  #import(node: Node): void {
    const words = childrenOf(node)
      .map((child) => this.#slice(child))
      .filter((word) => word !== '(' && word !== ')');
    const [first] = words;
    const middle = words.indexOf('import');
    if (first === 'from') {
      const path = words.slice(1, middle).join('');
      const [, dots = '', module = ''] = /^(\.*)(.*)$/.exec(path) ?? [];
      this.imports.push({ module, level: dots.length, names: listOf(words.slice(middle + 1)) });
      return;
    }
    for (const module of listOf(words.slice(1))) this.imports.push({ module, level: 0, names: [] });
  }

  #call(node: Node): void {
    const [callee, list] = childrenOf(node);
    if (callee === undefined || list?.name !== 'ArgList') return;
    const name = this.#slice(callee);
    if (name.length > 200) return;
    const [first, second] = childrenOf(list).filter((child) => !['(', ')', ','].includes(child.name));
    if (/(?:^|\.)(?:import_module|__import__|import_string|load_module)$/.test(name))
      this.#dynamic(node, first, second);
    else if (/(?:^|\.)(?:entry_points|iter_entry_points)$/.test(name)) this.#plugins(list);
    else if (starters.test(name)) this.#command(name, first, this.#slice(list));
  }

  #dynamic(node: Node, first: Node | undefined, second: Node | undefined): void {
    const name = first?.name === 'String' ? this.#string(first) : undefined;
    if (name === undefined) this.computed.push(this.#slice(node).replace(/\s+/g, ' ').slice(0, 80));
    else {
      const [, dots = '', module = ''] = /^(\.*)(.*)$/.exec(name) ?? [];
      const relative = dots.length > 0 && second !== undefined;
      this.imports.push({ module: module.split(':')[0] ?? module, level: relative ? dots.length : 0, names: [] });
    }
  }

  #plugins(list: Node): void {
    const group = /(?:group\s*=\s*)?(['"])([\w.-]+)\1/.exec(this.#slice(list))?.[2];
    if (group === undefined) this.computed.push(`entry_points${this.#slice(list).slice(0, 60)}`);
    else this.entryPoints.push(group);
  }

  #command(name: string, first: Node | undefined, list: string): void {
    const line = first?.name === 'String' ? this.#string(first) : undefined;
    const isShell = /system|popen$|_shell|getoutput/.test(name) || /shell\s*=\s*True/.test(list);
    if (line !== undefined) this.commands.push(isShell ? { line } : { argv: [line] });
    else if (first?.name === 'ArrayExpression' || first?.name === 'TupleExpression') {
      const words = childrenOf(first).flatMap((child) => (child.name === 'String' ? (this.#string(child) ?? []) : []));
      if (words.length > 0) this.commands.push({ argv: words });
    }
  }

  #name(text: string | undefined): void {
    const name = text?.split(':')[0] ?? '';
    if (name.length < 200 && dotted.test(name) && this.names.length < mostNames) this.names.push(name);
  }

  /** The value of a plain string; of one with escapes or expressions nothing is told. */
  #string(node: Node): string | undefined {
    const [, value] = /^[rRuUbB]{0,2}(?:'''|"""|['"])([^\\]*?)(?:'''|"""|['"])$/s.exec(this.#slice(node)) ?? [];
    return value;
  }

  #slice({ from, to }: Node): string {
    return this.#text.slice(from, to);
  }
}

function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** Comma-separated dotted names from words, without what stands after `as`. */
function listOf(words: readonly string[]): readonly string[] {
  return words
    .join(' ')
    .split(',')
    .map((item) => (item.split(/ as /)[0] ?? '').replace(/\s+/g, ''))
    .filter((item) => item !== '');
}
