import { type ImagePath, normalizePath, parentPath } from '../../core/path.ts';
import { codeLines } from '../literal-lines.ts';
import { wordsOf } from '../mentions.ts';
import { valuesOf } from './name-bindings.ts';

/** What statements load. */
export interface RubyLoads {
  /** Features that are looked for on the load path, or absolute paths. */
  readonly features: readonly string[];
  /** Absolute paths that are loaded as they are, with or without `.rb`. */
  readonly files: readonly ImagePath[];
  /** Beginnings of features whose end is computed: `a/b_` of `require "a/b_#{x}"`. */
  readonly prefixes: readonly string[];
  /** Names of files in any folder below the file's own: `ext` of `require_relative "#{version}/ext"`. */
  readonly variants: readonly string[];
  /** What is loaded and computed, as it is written. */
  readonly computed: readonly string[];
}

/** A statement that loads what a method is given as its first argument. */
export interface LoadedParameter {
  readonly method: string;
  /** `require` or another. */
  readonly word: string;
  readonly detail: string;
}

/** What one Ruby file asks for. */
export interface RubyScan extends RubyLoads {
  readonly parameters: readonly LoadedParameter[];
  /** Whether names of files are made from names of constants, or listed from folders: the whole package is loaded so. */
  readonly loadsFolders: boolean;
  /** Programs of gems that it loads. */
  readonly programs: readonly { readonly gem: string; readonly program: string }[];
  /** Whether it loads what the bundle lists. */
  readonly loadsBundle: boolean;
  /** Folders that it puts on the load path. */
  readonly loadFolders: readonly ImagePath[];
  /** Paths that it makes from its own. */
  readonly paths: readonly ImagePath[];
  /** Texts that may be features. */
  readonly names: readonly string[];
  /** Texts that may be character sets. */
  readonly characterSets: readonly string[];
  /** Words that a computed name may be made of. */
  readonly mentions: readonly string[];
  /** Programs that it starts, as lines for the shell. */
  readonly commands: readonly string[];
}

const mostNames = 2_000;
const literal = /^(?:'([^'\\\n]*)'|"([^"\\#\n]*)")\s*(?!\s*[+%])/;
const statement =
  /(?<=^|[;{(&|=!>]|\b(?:then|do|begin|and|or|if|unless|not|else|rescue|return|Kernel\.))[ \t]*(require|require_relative|require_dependency|load|autoload)\b(?![?!:=])[ \t]*\(?[ \t]*(?=([^\n]*))/gm;
const loadPath =
  /(?:\$LOAD_PATH|\$:)\s*(?:\.\s*(?:unshift|push|prepend|append|insert)\b\s*\(?(?:\s*\d+\s*,)?|<<)\s*([^\n]*)/g;
/** Prose in texts of several lines, and what is understood otherwise. */
const noLoad =
  /^(?:if|unless|and|or|do|end)\b|^[\w.]+ (?!(?:if|unless|and|or|rescue|do)\b)\w|^\w+ (['"])[^'"\n]*\1\.? (?!(?:if|unless|and|or|rescue|do)\b)\w|^Gem\.(?:activate_)?bin_path\b/;
/** A name and nothing else, but for a condition. */
const nameAlone = /^([a-z_]\w*)[ \t]*\)?[ \t]*(?:$|[;}]|(?:end|if|unless|rescue|and|or)\b)/;
const listsFolder = /\bDir(?:\.glob|\.children|\.entries|\.each_child)?\s*[[(]|\bZeitwerk::Loader\b/;
const shell =
  /(?<![.\w])(?:(?:Kernel|IO|Open3|Process)\.)?(?:system|exec|spawn|popen|popen[23]e?|capture[23]e?)\s*\(?\s*(['"])([^'"\n#]+)\1|(?<!['"\w\\])`([^`\n]+)`/g;

/** Reads what a Ruby file loads. It matches lines and never fails; what it cannot tell it says. */
export function scanRuby(source: string, path: ImagePath): RubyScan {
  const text = rubyCode(source, path);
  const loads = gather();
  const parameters: LoadedParameter[] = [];
  let lazy = false;
  for (const [, word = '', rest = ''] of text.matchAll(statement)) {
    const isAutoload = word === 'autoload';
    const argument = isAutoload ? (/^:?["']?\w+["']?\s*,\s*(.*)$/.exec(rest)?.[1] ?? '') : rest;
    if (isAutoload && argument === '') {
      lazy ||= /^:\w+/.test(rest);
      continue;
    }
    const name = nameAlone.exec(argument)?.[1];
    const values = name === undefined ? undefined : valuesOf(name, text);
    for (const expression of values?.expressions ?? [argument]) addLoad(word, expression, path, loads);
    for (const method of values?.methods ?? []) parameters.push({ method, word, detail: detailOf(word, argument) });
  }
  return {
    ...loads,
    parameters,
    loadsFolders: lazy || listsFolder.test(text) || /\beager_autoload\b/.test(text),
    programs: [...text.matchAll(/\b(?:activate_bin_path|bin_path)\(\s*['"]([\w.-]+)['"]\s*,\s*['"]([\w.-]+)['"]/g)].map(
      ([, gem = '', program = '']) => ({ gem, program }),
    ),
    loadsBundle: /\bBundler\.require\b|['"]bundler\/setup['"]|\bBundler\.setup\b/.test(text),
    loadFolders: [...text.matchAll(loadPath)].flatMap(([, rest = '']) => absoluteTexts(rest)),
    paths: absoluteTexts(text),
    names: namesIn(text),
    characterSets: [...text.matchAll(/(['"])([A-Z][A-Z\d-]{2,19})\1/g)].map(([, , name = '']) => name),
    mentions: mentionsIn(text),
    commands: [...text.matchAll(shell)].flatMap(([, , line, quoted]) => line ?? quoted ?? []),
  };
}

/** What the statements load that an expression in the file at this path stands in. */
export function loadsOf(word: string, expressions: readonly string[], path: ImagePath): RubyLoads {
  const loads = gather();
  for (const expression of expressions) addLoad(word, expression, path, loads);
  return loads;
}

/** A Ruby file without what is not code, and with the paths as literals that are made from its own. */
export function rubyCode(source: string, path: ImagePath): string {
  return foldPaths(code(source), path);
}

/** Without comments, embedded documents and what stands behind the program's end. */
function code(source: string): string {
  const [program = ''] = source.split(/^__END__$/m);
  return codeLines(program.replace(/^=begin\b[\s\S]*?^=end\b/gm, ''), /^\s*#/);
}

type Gathered = { readonly [Name in keyof RubyLoads]: RubyLoads[Name][number][] };

function gather(): Gathered {
  return { features: [], files: [], prefixes: [], variants: [], computed: [] };
}

function addLoad(word: string, argument: string, path: ImagePath, loads: Gathered): void {
  const isRelative = word === 'require_relative';
  const at = (name: string): readonly ImagePath[] => {
    const full = normalizePath(name.startsWith('/') ? name : `${parentPath(path)}/${name}`);
    return full === undefined ? [] : [full];
  };
  const [, single, double] = literal.exec(argument) ?? [];
  const name = single ?? double;
  const prefix = /^"([^"\\#\n]+)#\{/.exec(argument)?.[1] ?? /^['"]([^'"\\#\n]+)['"]\s*\+/.exec(argument)?.[1];
  const variant = isRelative ? /^"#\{[^"\n]*\}\/([^"\\#{}\n]+)"/.exec(argument)?.[1] : undefined;
  if (name !== undefined) {
    if (name === '') return;
    if (isRelative || name.startsWith('/')) loads.files.push(...at(name));
    else loads.features.push(name);
  } else if (prefix !== undefined) {
    const [full] = isRelative ? at(`${prefix}x`) : [`${prefix}x`];
    if (full !== undefined) loads.prefixes.push(full.slice(0, -1));
  } else if (variant !== undefined) {
    loads.variants.push(variant);
  } else if (/^(?:[@$A-Za-z_("]|%[wqQ(]|::)/.test(argument) && !noLoad.test(argument) && isBalanced(argument)) {
    loads.computed.push(detailOf(word, argument));
  }
}

function detailOf(word: string, argument: string): string {
  return `${word} ${argument}`.trim().slice(0, 80);
}

function isBalanced(text: string): boolean {
  return (text.split('"').length + text.split("'").length) % 2 === 0;
}

/** Makes literals of the paths that are computed from the file's own. */
function foldPaths(text: string, path: ImagePath): string {
  const folder = parentPath(path);
  let folded = text
    .replace(/::File\b/g, 'File')
    .replace(/\bFile\.(?:realpath|expand_path|absolute_path)\(\s*__(FILE|dir)__\s*\)/g, '__$1__')
    .replace(/\bFile\.dirname\(\s*__FILE__\s*\)/g, '__dir__')
    .replace(/\bPathname(?:\.new)?\(\s*__dir__\s*\)/g, '__dir__');
  folded = folded
    .replace(/"#\{__dir__\}\/([^"#\n]*)"/g, (_all, rest: string) => quote(`${folder}/${rest}`))
    .replace(/\b__dir__\b(?=[\s,)+\].]|$)/gm, quote(folder));
  for (let round = 0; round < 3; round++) {
    folded = folded
      .replace(/\bFile\.expand_path\(?\s*(['"])([^'"#\n]*)\1\s*,\s*__FILE__\s*\)?/g, (_all, _quote, rest: string) =>
        quote(rest.startsWith('/') ? rest : `${path}/${rest}`),
      )
      .replace(
        /\bFile\.expand_path\(?\s*(['"])([^'"#\n]*)\1\s*,\s*'(\/[^'\n]*)'\s*\)?/g,
        (_all, _quote, rest: string, base: string) => quote(rest.startsWith('/') ? rest : `${base}/${rest}`),
      )
      .replace(/\bFile\.expand_path\(\s*('\/[^'\n]*')\s*\)/g, '$1')
      .replace(
        /\bFile\.join\(\s*'(\/[^'\n]*)'((?:\s*,\s*(?:'[^'\n]*'|"[^"#\n]*"))+)\s*\)/g,
        (_all, base: string, rest: string) =>
          quote([base, ...[...rest.matchAll(/['"]([^'"]*)['"]/g)].map(([, part = '']) => part)].join('/')),
      )
      .replace(
        /'(\/[^'\n]*)'\s*(?:\+|\.join\()\s*(['"])([^'"#\n]*)\2\)?/g,
        (_all, base: string, _quote, rest: string) => quote(`${base}/${rest}`),
      );
  }
  return folded;
}

function quote(path: string): string {
  return `'${normalizePath(path) ?? path}'`;
}

function absoluteTexts(text: string): readonly ImagePath[] {
  return [...text.matchAll(/'(\/[^'\n*?{}[\]]+)'/g)].flatMap(([, path = '']) => normalizePath(path) ?? []);
}

/** Every word, constants also as the names of the files that hold them: `ActionCable` as `action_cable`. */
function mentionsIn(text: string): readonly string[] {
  return wordsOf(text).flatMap((word) => (/^[A-Z]/.test(word) ? [word, fileName(word)] : [word]));
}

function fileName(constant: string): string {
  return constant.replace(/([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2_').toLowerCase();
}

/** Quoted texts and words of `%w` lists that look like features. */
function namesIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/(['"])([a-z][\w.-]*(?:\/[\w.-]+)*)\1/g)].map(([, , name = '']) => name);
  const listed = [...text.matchAll(/%[wWiI]([[({<])([^\])}>]*)/g)].flatMap(([, , words = '']) => words.split(/\s+/));
  return [...new Set([...quoted, ...listed])].filter((name) => name !== '').slice(0, mostNames);
}
