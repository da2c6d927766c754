import { type ImagePath, normalizePath, parentPath } from '../../core/path.ts';
import { codeLines } from '../literal-lines.ts';

/** What one PHP file asks for. */
export interface PhpScan {
  /** Files that it includes: absolute paths, or names that are looked for on the include path. */
  readonly includes: readonly string[];
  /** Beginnings of absolute paths whose end is computed. */
  readonly prefixes: readonly ImagePath[];
  /** What is included and computed, as it is written. */
  readonly computed: readonly string[];
  /** Full names of classes, functions and constants that it may use, without a leading backslash. */
  readonly classes: readonly string[];
  /** Texts that end like files, which may be names of files beside it. */
  readonly files: readonly string[];
  /** Paths that it makes from its own. */
  readonly paths: readonly ImagePath[];
  /** Lines that it hands to the shell. */
  readonly commands: readonly string[];
  /** Whether it makes objects of classes whose names are computed. */
  readonly makesObjects: boolean;
}

const mostNames = 5_000;
/** Not attributes, which begin `#[`. */
const comment = /^\s*(?:\/\/|#(?!\[)|\*|\/\*.*\*\/\s*$|\/\*(?!.*\*\/))/;
const include = /(?<![\w$>:\\'"-])(?:include|require)(?:_once)?\b(?!['"])\s*\(?\s*(?=([^;\n]*))/gi;
const shell =
  /(?<![\w$>:\\-])(?:exec|shell_exec|system|passthru|popen|proc_open|pcntl_exec)\s*\(\s*(['"])([^'"\n$]+)\1/g;
const name = /(?<![\w$>'"-])\\?[A-Za-z_]\w*(?:\\\w+)*/g;
const keyword =
  /^(?:abstract|and|array|as|bool|boolean|break|callable|case|catch|class|clone|const|continue|declare|default|do|echo|else|elseif|enum|extends|false|final|finally|float|fn|for|foreach|function|global|goto|if|implements|include|include_once|instanceof|insteadof|int|interface|iterable|list|match|mixed|namespace|never|new|null|object|or|parent|print|private|protected|public|readonly|require|require_once|return|self|static|string|switch|throw|trait|true|try|use|var|void|while|xor|yield|php)$/i;

/** Reads what a PHP file includes and names. It matches lines and never fails; what it cannot tell it says. */
export function scanPhp(source: string, path: ImagePath): PhpScan {
  const text = foldPaths(codeLines(source, comment), path);
  const includes: string[] = [];
  const prefixes: ImagePath[] = [];
  const computed: string[] = [];
  for (const [, rest = ''] of text.matchAll(include)) {
    const [, , file, end = ''] = /^(['"])([^'"\n$]*)\1\s*(.?)/.exec(rest) ?? [];
    if (file === undefined) {
      if (/^[$A-Za-z_("\\{]/.test(rest)) computed.push(rest.trim().slice(0, 80));
    } else if (end !== '.') includes.push(file);
    else if (file.startsWith('/')) prefixes.push(file);
    else computed.push(rest.trim().slice(0, 80));
  }
  return {
    includes,
    prefixes,
    computed,
    classes: classesIn(text),
    files: [
      ...new Set([...text.matchAll(/(['"])([^'"\n$*]+\.(?:php|inc|phtml))\1/g)].map(([, , one = '']) => one)),
    ].slice(0, mostNames),
    paths: [...text.matchAll(/'(\/[^'\n*?{}[\]]+)'/g)].flatMap(([, one = '']) => normalizePath(one) ?? []),
    commands: [...text.matchAll(shell)].map(([, , line = '']) => line),
    makesObjects: /\bnew\s+\$\w|\bnew\s*\(|\$\w+::\w+\(|\bcall_user_func/.test(text),
  };
}

/** Makes literals of the paths that are computed from the file's own. */
function foldPaths(text: string, path: ImagePath): string {
  const folder = parentPath(path);
  let folded = text
    .replace(/\bdirname\(\s*__FILE__\s*\)/g, '__DIR__')
    .replace(/\b__DIR__\b/g, `'${folder}'`)
    .replace(/\b__FILE__\b/g, `'${path}'`)
    .replace(/\bDIRECTORY_SEPARATOR\b/g, `'/'`);
  for (let round = 0; round < 4; round++) {
    folded = folded
      .replace(/\bdirname\(\s*'(\/[^'\n]*)'\s*(?:,\s*(\d)\s*)?\)/g, (_all, base: string, levels = '1') => {
        let at = base.replace(/\/+$/, '');
        for (let level = 0; level < Number(levels); level++) at = parentPath(at);
        return `'${at}'`;
      })
      .replace(/\brealpath\(\s*('\/[^'\n]*')\s*\)/g, '$1')
      .replace(
        /'(\/[^'\n]*)'\s*\.\s*(?:'([^'\n]*)'|"([^"$\n]*)")/g,
        (_all, base: string, single?: string, double?: string) => {
          return `'${base}${single ?? double ?? ''}'`;
        },
      );
  }
  return folded.replace(/'(\/[^'\n]*\/\.\.?\/[^'\n]*)'/g, (_all, one: string) => `'${withSlash(one)}'`);
}

/** A path that ends in a slash stands for what is in the folder. */
function withSlash(path: string): string {
  const plain = normalizePath(path) ?? path;
  return path.endsWith('/') ? `${plain}/` : plain;
}

/** Every name that may be a class, as `use` and the namespace complete it (php.net, "Name resolution rules"). */
function classesIn(text: string): readonly string[] {
  const namespace = /(?:^|<\?php)\s*namespace\s+([\w\\]+)/m.exec(text)?.[1];
  const imports = importsOf(text);
  const found = new Set<string>(imports.values());
  for (const [word] of text.matchAll(name)) {
    if (found.size >= mostNames) break;
    if (word.startsWith('\\')) found.add(word.slice(1));
    else if (!keyword.test(word)) {
      const [first = '', ...rest] = word.split('\\');
      const known = imports.get(first.toLowerCase());
      if (known !== undefined) found.add([known, ...rest].join('\\'));
      else found.add(namespace === undefined ? word : `${namespace}\\${word}`);
    }
  }
  for (const [, , quoted = ''] of text.matchAll(/(['"])\\{0,2}([A-Z]\w*(?:\\{1,2}\w+)+)\1/g))
    found.add(quoted.replaceAll('\\\\', '\\'));
  return [...found];
}

/** `use A\B as C, D\E;` and `use A\{B, C as D};` by the short name in lower case. */
function importsOf(text: string): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  for (const [, list = ''] of text.matchAll(/(?:^|[;{}>])\s*use\s+(?:function\s+|const\s+)?([\w\\{}, \n\t]+);/gm)) {
    const [, common = '', inner] = /^\s*([\w\\]*)\{([^}]*)\}/.exec(list) ?? [];
    for (const item of (inner ?? list).split(',')) {
      const [, full = '', alias] = /^\s*\\?([\w\\]+)(?:\s+as\s+(\w+))?/.exec(item) ?? [];
      if (full === '') continue;
      const whole = `${common}${full}`.replace(/^\\/, '');
      imports.set((alias ?? whole.split('\\').at(-1) ?? '').toLowerCase(), whole);
    }
  }
  return imports;
}
