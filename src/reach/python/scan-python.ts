import { parser } from '@lezer/python';
import { wordsOf } from '../mentions.ts';

/** What one Python file asks for. */
export interface PythonScan {
  readonly imports: readonly PythonImport[];
  /** Texts that may be dotted names of modules, with what follows a colon cut off. */
  readonly names: readonly string[];
  /** Imports whose name is computed, as they are written. */
  readonly computed: readonly string[];
  readonly entryPoints: readonly WantedEntryPoint[];
  readonly commands: readonly PythonCommand[];
  /** Programs that functions of the standard library start which it calls. */
  readonly standardPrograms: ReadonlySet<string>;
  /** Words of its texts. */
  readonly mentions: ReadonlySet<string>;
}

export interface PythonImport {
  /** Dotted; empty in `from . import x`. */
  readonly module: string;
  /** Dots before it: 0 for an absolute import. */
  readonly level: number;
  /** Names after `import`, which may be modules too. */
  readonly names: readonly string[];
  /** Lists of modules: where it stands it is only done when one module of each list cannot be imported. */
  readonly insteadOf?: readonly (readonly string[])[];
}

/** Entry points that it loads: one by its name, or all of a group. */
export interface WantedEntryPoint {
  readonly group: string;
  readonly name?: string;
}

/** A program that it starts: words, or a line for the shell. */
export type PythonCommand = { readonly argv: readonly string[] } | { readonly line: string };

type Node = ReturnType<typeof parser.parse>['topNode'];

const longest = 8 * 1024 ** 2;
const dotted = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
/** `platform.platform()` and `platform.processor()` run `uname -p` (Lib/platform.py), under whatever name that was imported. */
const asksSystem = /(?:^|\.)_*platform\.(?:platform|processor)$/;
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
  readonly entryPoints: WantedEntryPoint[] = [];
  readonly commands: PythonCommand[] = [];
  readonly mentions = new Set<string>();
  readonly standardPrograms = new Set<string>();
  readonly #text: string;
  /** Where what stands in for modules that cannot be imported begins and ends. */
  readonly #substitutes: { readonly from: number; readonly to: number; readonly modules: readonly string[] }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    const cursor = parser.parse(this.#text).cursor();
    do {
      if (cursor.name === 'TryStatement') this.#try(cursor.node);
      else if (cursor.name === 'ImportStatement') this.imports.push(...this.#import(cursor.node));
      else if (cursor.name === 'CallExpression') this.#call(cursor.node);
      else if (cursor.name === 'String') this.#name(this.#string(cursor.node));
      if (cursor.name === 'String' || cursor.name === 'FormatString') this.#mention(this.#slice(cursor.node));
    } while (cursor.next());
  }

  /** `try: import a` and below it `except ImportError: …`, with nothing else tried. */
  #try(node: Node): void {
    const children = childrenOf(node);
    const tried = childrenOf(children.find(({ name }) => name === 'Body') ?? node).filter(({ name }) => name !== ':');
    if (!tried.every(({ name }) => name === 'ImportStatement')) return;
    const modules = tried.flatMap((one) => this.#import(one)).map(({ module, level }) => (level === 0 ? module : ''));
    for (const [index, { name, from }] of children.entries()) {
      if (name !== 'except') continue;
      const body = children.slice(index).find((child) => child.name === 'Body');
      const caught = this.#text.slice(from, body?.from ?? from);
      if (
        body !== undefined &&
        /^except\s+\(?\s*(?:ImportError|ModuleNotFoundError)\s*\)?\s*(?:as\s+\w+\s*)?$/.test(caught)
      )
        this.#substitutes.push({ from: body.from, to: body.to, modules });
    }
  }

  /** `import a.b as c, d` and `from ..a import b as c, d`. */
  #import(node: Node): readonly PythonImport[] {
    const around = this.#substitutes.filter(({ from, to }) => from <= node.from && node.to <= to);
    const condition = around.length === 0 ? {} : { insteadOf: around.map(({ modules }) => modules) };
    const words = childrenOf(node)
      .map((child) => this.#slice(child))
      .filter((word) => word !== '(' && word !== ')');
    const [first] = words;
    const middle = words.indexOf('import');
    if (first === 'from') {
      const path = words.slice(1, middle).join('');
      const [, dots = '', module = ''] = /^(\.*)(.*)$/.exec(path) ?? [];
      return [{ module, level: dots.length, names: listOf(words.slice(middle + 1)), ...condition }];
    }
    return listOf(words.slice(1)).map((module) => ({ module, level: 0, names: [], ...condition }));
  }

  #call(node: Node): void {
    const [callee, list] = childrenOf(node);
    if (callee === undefined || list?.name !== 'ArgList') return;
    const name = this.#slice(callee);
    if (name.length > 200) return;
    const [first, second] = childrenOf(list).filter((child) => !['(', ')', ','].includes(child.name));
    if (/(?:^|\.)(?:import_module|__import__|import_string|load_module)$/.test(name))
      this.#dynamic(node, first, second);
    else if (/(?:^|\.)load_entry_point$/.test(name)) this.#entryPoint(list);
    else if (/(?:^|\.)(?:entry_points|iter_entry_points)$/.test(name)) this.#plugins(list);
    else if (asksSystem.test(name)) this.standardPrograms.add('uname');
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

  /** `load_entry_point('distribution', 'group', 'name')`, as scripts of older installers have it. */
  #entryPoint(list: Node): void {
    const words = childrenOf(list).flatMap((child) => (child.name === 'String' ? (this.#string(child) ?? []) : []));
    const [, group, name] = words;
    if (group !== undefined && name !== undefined) this.entryPoints.push({ group, name });
  }

  #plugins(list: Node): void {
    const group = /(?:group\s*=\s*)?(['"])([\w.-]+)\1/.exec(this.#slice(list))?.[2];
    if (group === undefined) this.computed.push(`entry_points${this.#slice(list).slice(0, 60)}`);
    else this.entryPoints.push({ group });
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

  #mention(text: string): void {
    if (text.length < 500) for (const word of wordsOf(text)) this.mentions.add(word);
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
