import { type ImagePath, normalizePath } from '../../core/path.ts';
import type { ShellCommand, ShellScript, Word } from '../../formats/shell/model.ts';
import { readScript } from '../../formats/shell/read-script.ts';
import type { Edge, Invocation, Needs, UndecidedNeed } from '../model.ts';
import { findProgram } from '../programs.ts';
import { absolutePath, type World } from '../world.ts';
import { nameOf, type Possibilities, ShellVariables } from './variables.ts';

/** Words that the shell itself carries out; those that are files too are not run as such. */
const builtins = new Set(
  `. : [ [[ ]] alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable
  eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd
  read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias
  unset wait esac`.split(/\s+/),
);
const mostSources = 50;
/** Larger ones carry an archive behind their commands. */
const longest = 1024 ** 2;
const mostCommands = 5_000;

export interface ScriptRun {
  readonly text: string;
  /** The file that holds it, or the program that was given it. */
  readonly from: ImagePath;
  /** `$1` and so on. */
  readonly words: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly folder: ImagePath;
}

interface Unit {
  readonly script: ShellScript;
  readonly from: ImagePath;
}

/**
 * What a shell script needs: every program that any of its branches may run, what it reads in with `.`, and the files
 * that its words name. Variables stand for all values that any line gives them.
 */
export async function scriptNeeds(run: ScriptRun, world: World): Promise<Needs> {
  const folders = [run.folder];
  const variables = new ShellVariables(run.environment, run.words, world.tree, folders);
  const units: Unit[] = [{ script: readScript(run.text.slice(0, longest)), from: run.from }];
  const edges: Edge[] = [];
  const sourced = new Set<ImagePath>();
  for (let index = 0; index < units.length && index < mostSources; index++) {
    const unit = units[index];
    if (unit === undefined) break;
    variables.learn(unit.script);
    addFolders(unit.script, variables, folders);
    fillRead(unit.script, variables, world);
    for (const path of sourcedFiles(unit.script, variables, folders, world)) {
      const real = world.tree.findFile(path)?.path;
      if (real === undefined) continue;
      edges.push({ to: path, kind: 'source', from: unit.from, certain: false, language: 'shell' });
      if (sourced.has(real)) continue;
      sourced.add(real);
      units.push({ script: readScript(((await world.tree.readText(real)) ?? '').slice(0, longest)), from: real });
    }
  }
  const functions = new Set(units.flatMap(({ script }) => [...script.functions]));
  const found = new Collector(variables, functions, folders, world);
  for (const { script, from } of units) {
    for (const command of script.commands.slice(0, mostCommands)) found.take(command, from);
  }
  return { edges: [...edges, ...found.edges], runs: found.runs, undecided: found.undecided };
}

/** `cd` makes other places that relative names may mean. */
function addFolders({ commands }: ShellScript, variables: ShellVariables, folders: ImagePath[]): void {
  for (const { words } of commands) {
    if (nameOf(words[0]) !== 'cd' || words[1] === undefined) continue;
    for (const [text] of variables.expand(words[1]) ?? []) {
      const path = text === undefined ? undefined : absolutePath(text, folders[0] ?? '/');
      if (path !== undefined && !folders.includes(path) && folders.length < 10) folders.push(path);
    }
  }
}

/** What `read` reads is not known; where the script lists folders, it may be any file in them. */
function fillRead({ commands }: ShellScript, variables: ShellVariables, { tree }: World): void {
  const named = commands.filter(({ words }) => nameOf(words[0]) === 'read').flatMap(({ words }) => words.slice(1));
  const names = named.flatMap((word) => nameOf(word) ?? []).filter((name) => !name.startsWith('-'));
  if (names.length === 0) return;
  const files = commands
    .filter(({ words }) => ['find', 'ls'].includes(nameOf(words[0]) ?? ''))
    .flatMap(({ words }) => words.slice(1).flatMap((word) => variables.expand(word) ?? []))
    .flatMap(([text]) => (text?.startsWith('/') === true ? filesBelow(text, tree, 3) : []));
  for (const name of names) variables.allow(name, files);
}

function filesBelow(folder: string, tree: World['tree'], depth: number): readonly ImagePath[] {
  const path = normalizePath(folder);
  if (path === undefined || depth === 0) return [];
  return tree
    .list(path)
    .flatMap((entry) => (entry.type === 'directory' ? filesBelow(entry.path, tree, depth - 1) : [entry.path]));
}

function sourcedFiles(
  { commands }: ShellScript,
  variables: ShellVariables,
  folders: readonly ImagePath[],
  world: World,
): readonly ImagePath[] {
  return commands.flatMap(({ words }) => {
    const [command, file] = words;
    if ((nameOf(command) !== '.' && nameOf(command) !== 'source') || file === undefined) return [];
    return (variables.expand(file) ?? []).flatMap(([text = '']) =>
      folders.flatMap((folder) => {
        const path = absolutePath(text, folder);
        return path === undefined || world.tree.findFile(path) === undefined ? [] : [path];
      }),
    );
  });
}

/** Gathers what commands need. */
class Collector {
  readonly edges: Edge[] = [];
  readonly runs: Invocation[] = [];
  readonly undecided: UndecidedNeed[] = [];
  readonly #variables: ShellVariables;
  readonly #functions: ReadonlySet<string>;
  readonly #folders: readonly ImagePath[];
  readonly #world: World;
  readonly #environment: ReadonlyMap<string, string>;

  constructor(variables: ShellVariables, functions: ReadonlySet<string>, folders: readonly ImagePath[], world: World) {
    this.#variables = variables;
    this.#functions = functions;
    this.#folders = folders;
    this.#world = world;
    this.#environment = variables.environment();
  }

  take(command: ShellCommand, from: ImagePath): void {
    for (const word of [...command.redirections, ...command.words]) this.#files(word, from);
    const words = withoutPrefixes(command.words);
    const [program, ...rest] = words;
    if (program === undefined) return;
    const possibilities = this.#variables.expand(program);
    if (possibilities === undefined) {
      if (this.#variables.isUnset(program)) return;
      this.undecided.push({ problem: 'command', detail: describe(program), from });
      return;
    }
    for (const [name, ...more] of possibilities) if (name !== undefined) this.#command(name, more, rest, from);
  }

  #command(name: string, more: readonly string[], rest: readonly Word[], from: ImagePath): void {
    if (['command', 'type', 'which', 'hash'].includes(name)) {
      for (const word of rest) for (const [text] of this.#variables.expand(word) ?? []) this.#mention(text ?? '', from);
      if (name !== 'which') return;
    }
    if (name === 'trap' || name === 'eval') this.#inner(rest, from);
    if (builtins.has(name) || this.#functions.has(name)) return;
    for (const words of this.#lists(rest)) {
      for (const folder of this.#folders) {
        if (!name.includes('/') && folder !== this.#folders[0]) continue;
        const argv = [name, ...more, ...words];
        this.runs.push({ argv, environment: this.#environment, folder, kind: 'command', from, certain: false });
      }
    }
  }

  /** Every way in which the words may come out, so far as that can be told; what cannot is left out. */
  #lists(words: readonly Word[]): readonly (readonly string[])[] {
    let lists: readonly (readonly string[])[] = [[]];
    for (const word of words) {
      const possibilities: Possibilities = this.#variables.expand(word) ?? [[]];
      if (lists.length * possibilities.length > 40) continue;
      lists = lists.flatMap((list) => possibilities.map((more) => [...list, ...more]));
    }
    return lists;
  }

  /** A program whose being there is asked for. */
  #mention(name: string, from: ImagePath): void {
    const folder = this.#folders[0] ?? '/';
    const path = name.startsWith('-') ? undefined : findProgram(name, folder, this.#environment, this.#world.tree);
    if (path !== undefined) this.edges.push({ to: path, kind: 'command', detail: name, from, certain: false });
  }

  /** A script inside a word. */
  #inner(words: readonly Word[], from: ImagePath): void {
    const [first] = this.#lists(words);
    const script = readScript((first ?? []).join(' '));
    for (const command of script.commands.slice(0, 50)) {
      if (!['trap', 'eval'].includes(nameOf(command.words[0]) ?? '')) this.take(command, from);
    }
  }

  #files(word: Word, from: ImagePath): void {
    for (const texts of this.#variables.expand(word) ?? []) {
      for (const text of texts) {
        if (!text.startsWith('/') || text.length > 4096) continue;
        const path = normalizePath(text);
        const entry = path === undefined || path === '/' ? undefined : this.#world.tree.find(path);
        if (entry === undefined || path === undefined) continue;
        this.edges.push({ to: path, kind: 'argument', from, certain: false });
      }
    }
  }
}

/** `exec -a name`, `command`, `builtin` and the like stand before what is run. */
function withoutPrefixes(words: readonly Word[]): readonly Word[] {
  const [first, second] = words;
  const name = nameOf(first);
  if (name === 'exec') {
    const option = nameOf(second);
    if (option === '-a') return withoutPrefixes(words.slice(3));
    return withoutPrefixes(words.slice(option === '-c' || option === '-l' ? 2 : 1));
  }
  if (name === 'command' && /^-[vV]$/.test(nameOf(second) ?? '')) return words;
  if (name === 'command' || name === 'builtin') return withoutPrefixes(words.slice(1));
  return words;
}

function describe(word: Word): string {
  return word
    .map((part) => (part.kind === 'text' ? part.text : part.kind === 'variable' ? `$${part.name}` : '$(…)'))
    .join('');
}
