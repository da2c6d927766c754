import { baseName, type ImagePath, parentPath } from '../../core/path.ts';
import type { ImageTree } from '../image-tree.ts';
import { machineFolders } from '../machine-folders.ts';
import type { Edge, Invocation, Needs } from '../model.ts';

/** A language that is not followed. */
interface UnfollowedLanguage {
  /** Base names of what runs it. */
  readonly programs: RegExp;
  /** Names of the folders that hold its modules, before a version. */
  readonly folders: readonly string[];
}

const languages: readonly UnfollowedLanguage[] = [
  { programs: /^(?:lua|luajit|resty)[\d.-]*$/, folders: ['lua', 'luajit', 'lualib'] },
  { programs: /^(?:tclsh|wish|expect)[\d.-]*$/, folders: ['tcl', 'tk', 'tcltk', 'expect'] },
  { programs: /^(?:R|Rscript)$/, folders: ['R'] },
  { programs: /^(?:erl|erlc|escript|beam\.smp|elixir|iex|mix)$/, folders: ['erlang', 'elixir'] },
  { programs: /^(?:mono|mono-sgen)[\d.-]*$/, folders: ['mono', 'cli'] },
  { programs: /^guile[\d.-]*$/, folders: ['guile'] },
  { programs: /^(?:octave|octave-cli)[\d.-]*$/, folders: ['octave'] },
  { programs: /^(?:swipl|prolog)$/, folders: ['swi-prolog', 'swipl'] },
  { programs: /^(?:sbcl|ecl|clisp)$/, folders: ['sbcl', 'ecl', 'clisp', 'common-lisp'] },
  { programs: /^(?:ocaml|ocamlrun|racket|julia|bun|deno|groovy|pwsh)[\d.-]*$/, folders: [] },
  { programs: /^gawk[\d.-]*$/, folders: ['awk', 'gawk'] },
];

/** Interpreters whose scripts load nothing. */
const plain = /^(?:[gmn]?awk|original-awk|sed|make|jq|bc|dc|env|nft|ld\.so)[\d.-]*$/;

/** Prefixes that programs share: what is below is not of one of them. */
const sharedPrefixes: readonly ImagePath[] = ['/', '/usr', '/usr/local', '/opt'];

/**
 * What a program needs that runs scripts of a language which is not followed, or a script's interpreter that nobody knows:
 * all modules of the language and all of the program's own folder, since what its scripts load of them cannot be told.
 * Undefined for any other program.
 */
export function unfollowedNeeds(
  invocation: Invocation,
  program: ImagePath,
  { names, tree }: { readonly names: readonly string[]; readonly tree: ImageTree },
): Needs | undefined {
  const language = languages.find(({ programs }) => names.some((name) => programs.test(name)));
  const isScripted = invocation.kind === 'shebang' && !names.some((name) => plain.test(name));
  if (language === undefined && !isScripted) return undefined;
  const own = names.flatMap((name) => /^[A-Za-z]{2,}/.exec(name)?.[0] ?? []);
  const folders = new Set([...(language?.folders ?? []), ...own]);
  const real = tree.find(program)?.path ?? program;
  const whole = moduleFolders(folders, real, tree);
  return {
    edges: whole.map(wholeFolder),
    runs: whole
      .flatMap((folder) => ownPrograms(folder, language, tree))
      .flatMap((path): readonly Invocation[] =>
        path === real ? [] : [{ ...invocation, argv: [path], kind: 'command', from: real, certain: false }],
      ),
    undecided: [{ problem: 'language', detail: program }],
  };
}

/** What the language keeps in its own folder to start itself: `/usr/lib/R/bin/R`. */
function ownPrograms(
  folder: ImagePath,
  language: UnfollowedLanguage | undefined,
  tree: ImageTree,
): readonly ImagePath[] {
  return tree
    .list(`${folder}/bin`)
    .flatMap(({ path, type }) => (type === 'file' && language?.programs.test(baseName(path)) === true ? [path] : []));
}

function wholeFolder(to: ImagePath): Edge {
  return { to, kind: 'data', detail: 'language', certain: false, whole: true };
}

function moduleFolders(names: ReadonlySet<string>, program: ImagePath, tree: ImageTree): readonly ImagePath[] {
  const roots = [
    '/etc',
    '/opt',
    '/usr/lib',
    ...machineFolders(tree),
    '/usr/lib64',
    '/usr/libexec',
    '/usr/share',
    '/usr/local/lib',
    '/usr/local/share',
  ];
  const found = roots.flatMap((root) =>
    tree.list(root).flatMap(({ path, type }) => (type === 'directory' && names.has(unversioned(path)) ? [path] : [])),
  );
  const prefix = baseName(parentPath(program)) === 'bin' ? parentPath(parentPath(program)) : '/';
  return sharedPrefixes.includes(prefix) ? found : [...found, prefix];
}

/** `tcl8.6` is of Tcl. */
function unversioned(path: ImagePath): string {
  return baseName(path).replace(/[-\d.]+$/, '');
}
