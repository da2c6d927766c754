import { type ImagePath, normalizePath, parentPath } from '../../core/path.ts';
import { codeLines } from '../literal-lines.ts';

/** What one Perl file asks for. */
export interface PerlScan {
  /** Modules: `A::B`. */
  readonly modules: readonly string[];
  /** Files that `require` and `do` name: absolute, or looked for in `@INC`. */
  readonly files: readonly string[];
  /** Folders that it puts in `@INC`. */
  readonly folders: readonly ImagePath[];
  /** What is loaded and computed, as it is written. */
  readonly computed: readonly string[];
  /** Beginnings of modules whose end is computed: `A::B::`. */
  readonly prefixes: readonly string[];
  /** Texts that may be modules. */
  readonly names: readonly string[];
  /** Lines of commands that it starts. */
  readonly commands: readonly string[];
  /** Texts that are absolute paths. */
  readonly paths: readonly ImagePath[];
}

const mostNames = 2_000;
const statement = /(?:^|[;{}(]|&&|\|\||\b(?:and|or|eval|do|then|return))[ \t]*(use|no|require|do)[ \t]+(?=([^;\n]*))/gm;
const loader =
  /\b(?:load_class|load_module|require_module|use_module|use_package_optimistically|try_load_class|load_first_existing_class|autoload|ensure_class_loaded|load_optional_class|load)\s*\(?\s*(\$[\w:>{}[\]-]+|\\?@\w+)/g;
const quotedLoad = /\beval\s*\(?\s*["'](?:require|use)\s+([\w:]*\$?[\w:]*)/g;
const shell =
  /(?<![\w$@%>:-])(?:system|exec|qx|readpipe)\s*\(?\s*(['"{])([^'"\n$@}]+)['"}]|(?<!['"\w\\$])`([^`\n$]+)`/g;

/** Reads what a Perl file loads. It matches lines and never fails; what it cannot tell it says. */
export function scanPerl(source: string, path: ImagePath): PerlScan {
  const text = foldPaths(code(source), path);
  const modules: string[] = [];
  const files: string[] = [];
  const computed: string[] = [];
  for (const [, word = '', rest = ''] of text.matchAll(statement)) {
    const [, module] = /^((?:\w+::)*[A-Za-z_]\w*)\b(?!\s*=>)/.exec(rest) ?? [];
    const [, , file] = /^(['"])([^'"$\n]+)\1/.exec(rest) ?? [];
    if (file !== undefined && (word === 'require' || word === 'do')) files.push(file);
    else if (module !== undefined && word !== 'do') {
      modules.push(module);
      if (/^(?:parent|base|if|aliased|superclass|fields|Mojo::Base|Module::Load)$/.test(module))
        modules.push(...textsIn(rest));
    } else if (rest.startsWith('$') && word !== 'use') computed.push(`${word} ${rest}`.trim().slice(0, 80));
  }
  for (const [all] of text.matchAll(loader)) computed.push(all.slice(0, 80));
  for (const [all, name = ''] of text.matchAll(quotedLoad)) {
    if (name.includes('$')) computed.push(all.slice(0, 80));
    else modules.push(name);
  }
  return {
    modules,
    files,
    folders: [...text.matchAll(/\b(?:use\s+lib\b|unshift\s*\(?\s*@INC\s*,|push\s*\(?\s*@INC\s*,)([^;\n]*)/g)].flatMap(
      ([, rest = '']) => textsIn(rest).flatMap((one) => (one.startsWith('/') ? (normalizePath(one) ?? []) : [])),
    ),
    computed,
    prefixes: [...text.matchAll(/["']((?:\w+::)+)(?:["']\s*\.|\$)/g)].map(([, prefix = '']) => prefix),
    names: [...new Set(textsIn(text))].filter((name) => /^[A-Z]\w*(?:::\w+)*$/.test(name)).slice(0, mostNames),
    paths: [...new Set(textsIn(text))].filter((name) => /^(?:\/[\w.+@-]+){2,}$/.test(name)).slice(0, mostNames),
    commands: [...text.matchAll(shell)].flatMap(([, , line, quoted]) => line ?? quoted ?? []),
  };
}

/** Without documentation, comments and what stands behind the program's end. */
function code(source: string): string {
  const [program = ''] = source.split(/^__(?:END|DATA)__$/m);
  return codeLines(program.replace(/^=[a-zA-Z][\s\S]*?(?:^=cut\b.*$|(?![\s\S]))/gm, ''), /^\s*#/);
}

/** Makes literals of the paths that are computed from the file's own. */
function foldPaths(text: string, path: ImagePath): string {
  const folder = parentPath(path);
  return text
    .replace(/\$FindBin::(?:Real)?Bin\b|\$\{FindBin::(?:Real)?Bin\}|\$Bin\b/g, folder)
    .replace(/\bdirname\s*\(\s*__FILE__\s*\)\s*\.\s*(['"])/g, `$1${folder}`)
    .replace(
      /\b(?:catfile|catdir|catpath)\s*\(\s*(?:dirname\s*\(\s*__FILE__\s*\)|['"](\/[^'"\n]*)['"])((?:\s*,\s*(?:'[^'\n]*'|"[^"$\n]*"))+)\s*\)/g,
      (_all, base: string | undefined, rest: string) => `'${[base ?? folder, ...textsIn(rest)].join('/')}'`,
    );
}

/** Quoted texts and the words of `qw` lists. */
function textsIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/(['"])([^'"\n$]+)\1/g)].map(([, , one = '']) => one);
  const listed = [...text.matchAll(/\bqw\s*[([{</|!]([^)\]}>/|!]*)/g)].flatMap(([, words = '']) => words.split(/\s+/));
  const bare = [...text.matchAll(/(?<![\w:'"])((?:\w+::)+\w+)\s*=>/g)].map(([, one = '']) => one);
  return [...quoted, ...listed, ...bare].filter((one) => one !== '');
}
