import { type ImagePath, parentPath, rootPath } from '../../core/path.ts';
import type { ShellScript, Word } from '../../formats/shell/model.ts';
import { compilePattern } from '../glob.ts';
import type { ImageTree } from '../image-tree.ts';

/** More values than this say no more than none. */
const mostValues = 200;
const rounds = 4;

/** What a word may stand for: one list of words for each possibility; undefined when it cannot be told. */
export type Possibilities = readonly (readonly string[])[] | undefined;

/**
 * Every value that the variables of a script may have, whatever the order in which it runs: assignments, loops over
 * words and patterns, and what the script was given.
 */
export class ShellVariables {
  readonly #values = new Map<string, Set<string>>();
  readonly #unknown = new Set<string>();
  readonly #arguments: (readonly string[])[];
  readonly #tree: ImageTree;
  readonly #folders: readonly ImagePath[];

  constructor(
    environment: ReadonlyMap<string, string>,
    words: readonly string[],
    tree: ImageTree,
    folders: readonly ImagePath[],
  ) {
    for (const [name, value] of environment) this.#values.set(name, new Set([value]));
    this.#arguments = [words];
    this.#tree = tree;
    this.#folders = folders;
  }

  /** Takes what a script sets. Values that depend on others settle after few rounds. */
  learn({ commands, loops }: ShellScript): void {
    for (let round = 0; round < rounds; round++) {
      for (const { assignments, words } of commands) {
        for (const { name, value } of assignments) for (const word of value) this.#set(name, this.expand(word));
        if (nameOf(words[0]) === 'set') this.#setArguments(words);
        if (nameOf(words[0]) === 'shift') this.#arguments.push(...this.#arguments.map((one) => one.slice(1)));
        if (['export', 'readonly', 'local', 'declare', 'typeset'].includes(nameOf(words[0]) ?? '')) {
          for (const word of words.slice(1)) this.#declare(this.expand(word));
        }
      }
      this.#trimArguments();
      for (const { name, words } of loops) for (const word of words) this.#set(name, this.expand(word));
    }
  }

  /** A variable that `read` fills: it may be any of these. */
  allow(name: string, values: readonly string[]): void {
    this.#set(name, values.length === 0 ? undefined : values.map((value) => [value]));
  }

  /** The single value of each variable that has one: what programs that are run are given. */
  environment(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#values].flatMap(([name, values]): [string, string][] => {
        // Every folder that a search path may have is searched.
        if (name === 'PATH') return [[name, [...values].join(':')]];
        const [value] = values;
        return values.size === 1 && value !== undefined ? [[name, value]] : [];
      }),
    );
  }

  /** What a word may become, patterns matched against the image. */
  expand(word: Word): Possibilities {
    const [only] = word;
    if (word.length === 1 && only?.kind === 'variable' && (only.name === '@' || only.name === '*'))
      return this.#arguments;
    const quotedArguments = word.length === 2 && isEmptyText(word[0]) && isArguments(word[1]);
    if (quotedArguments) return this.#arguments;
    let texts: readonly string[] = [''];
    for (const part of word) {
      const more = part.kind === 'text' ? [part.text] : part.kind === 'variable' ? this.#value(part) : undefined;
      if (more === undefined || texts.length * more.length > mostValues) return undefined;
      texts = texts.flatMap((text) => more.map((one) => text + one));
    }
    const splits = word.some((part) => part.kind === 'variable' && !part.quoted);
    const pattern = word.some((part) => part.kind === 'text' && !part.quoted && /[*?[]/.test(part.text));
    if (pattern) return texts.flatMap((text) => this.#match(text)).map((path) => [path]);
    return texts.map((text) => (splits ? text.split(/\s+/).filter((one) => one !== '') : [text]));
  }

  /** Whether the word is a variable that neither the script nor the image sets: it stands for nothing. */
  isUnset(word: Word): boolean {
    return word.every(
      (part) =>
        isEmptyText(part) ||
        (part.kind === 'variable' &&
          part.changed !== true &&
          part.fallback === undefined &&
          /^[A-Za-z_]\w*$/.test(part.name) &&
          !this.#values.has(part.name) &&
          !this.#unknown.has(part.name)),
    );
  }

  #value(part: Extract<Word[number], { readonly kind: 'variable' }>): readonly string[] | undefined {
    const { name, fallback, changed } = part;
    if (changed === true) return undefined;
    const own = /^\d$/.test(name)
      ? this.#arguments.flatMap((words) => words[Number(name) - 1] ?? [])
      : [...(this.#values.get(name) ?? [])];
    const other = fallback === undefined ? [] : (this.expand(fallback) ?? []).map((words) => words.join(' '));
    const all = [...new Set([...own, ...other])];
    return all.length === 0 || (this.#unknown.has(name) && fallback === undefined && own.length === 0)
      ? undefined
      : all;
  }

  #set(name: string, possibilities: Possibilities): void {
    if (possibilities === undefined) {
      this.#unknown.add(name);
      return;
    }
    const values = this.#values.get(name) ?? new Set();
    this.#values.set(name, values);
    for (const words of possibilities) {
      // A loop over `"$@"` runs over each of them.
      for (const value of words.length === 1 ? words : [...words]) if (values.size < mostValues) values.add(value);
    }
  }

  #declare(possibilities: Possibilities): void {
    for (const words of possibilities ?? []) {
      for (const word of words) {
        const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
        if (name !== undefined && value !== undefined) this.#set(name, [[value]]);
      }
    }
  }

  /** `set -- word …` replaces the arguments. */
  #setArguments(words: readonly Word[]): void {
    const start = words.findIndex((word) => nameOf(word) === '--');
    if (start < 0) return;
    let lists: readonly (readonly string[])[] = [[]];
    for (const word of words.slice(start + 1)) {
      const possibilities = this.expand(word);
      if (possibilities === undefined || lists.length * possibilities.length > mostValues) return;
      lists = lists.flatMap((list) => possibilities.map((more) => [...list, ...more]));
    }
    this.#arguments.push(...lists);
  }

  #trimArguments(): void {
    const seen = new Map(this.#arguments.map((words) => [JSON.stringify(words), words]));
    this.#arguments.splice(0, this.#arguments.length, ...[...seen.values()].slice(0, 20));
  }

  #match(pattern: string): readonly ImagePath[] {
    return this.#folders.flatMap((folder) => this.#matchIn(pattern.startsWith('/') ? pattern : `${folder}/${pattern}`));
  }

  /** Paths that match, looked for from the last folder that is named without a pattern. */
  #matchIn(pattern: string): readonly ImagePath[] {
    const base = parentPath(pattern.slice(0, pattern.search(/[*?[]/) + 1)) || rootPath;
    const matches = compilePattern(pattern);
    const deep = pattern.slice(base.length).split('/').filter(Boolean).length;
    const found: ImagePath[] = [];
    const walk = (folder: ImagePath, depth: number): void => {
      if (found.length >= mostValues || depth === 0) return;
      for (const { path, type } of this.#tree.list(folder)) {
        if (matches(path)) found.push(path);
        if (type === 'directory') walk(path, depth - 1);
      }
    };
    walk(base, deep);
    return found;
  }
}

/** The literal text of a word. */
export function nameOf(word: Word | undefined): string | undefined {
  if (word === undefined || word.some((part) => part.kind !== 'text')) return undefined;
  return word.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function isEmptyText(part: Word[number] | undefined): boolean {
  return part?.kind === 'text' && part.text === '';
}

function isArguments(part: Word[number] | undefined): boolean {
  return part?.kind === 'variable' && part.name === '@';
}
