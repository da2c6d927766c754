import { nearest } from '../configuration/nearest.ts';
import { CinzelError } from '../core/errors.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { type CommandId, commandIds } from './index.ts';

/** What the words of a command line name, in the order in which commander wants them. */
interface ReadWords {
  /** Absent when help or the version is asked for, of the whole or of a group. */
  readonly id?: CommandId;
  readonly words: readonly string[];
}

/**
 * Finds the command. Flags that every command takes may stand before it (`cinzel --lang pt-BR scan …`); `cinzel`,
 * `cinzel db` and `cinzel help scan` ask for help. A mistyped command is an error that suggests the nearest.
 */
export function readWords(given: readonly string[], catalogue: Catalogue): ReadWords {
  const { common, rest } = takeCommon(given);
  const words = rest[0] === 'help' ? [...rest.slice(1), '--help'] : rest;
  const id = commandOf(words, catalogue);
  if (id === undefined) {
    const own = withoutCommon(words);
    return { words: asksHelp(own) ? [...own, '--help'] : own };
  }
  const length = id.split(' ').length;
  return { id, words: [...words.slice(0, length), ...common, ...words.slice(length)] };
}

function takeCommon(words: readonly string[]): {
  readonly common: readonly string[];
  readonly rest: readonly string[];
} {
  const length = commonLength(words, 0);
  if (length === 0) return { common: [], rest: words };
  const { common, rest } = takeCommon(words.slice(length));
  return { common: [...words.slice(0, length), ...common], rest };
}

function withoutCommon(words: readonly string[]): readonly string[] {
  return words.filter((_, index) => commonLength(words, index) === 0 && commonLength(words, index - 1) < 2);
}

/** How many words the common flag takes that stands at an index; 0 when none does. */
function commonLength(words: readonly string[], index: number): number {
  const word = words[index] ?? '';
  if (word === '--lang') return 2;
  return word === '--quiet' || word.startsWith('--lang=') ? 1 : 0;
}

function asksHelp(words: readonly string[]): boolean {
  return words.length === 0 || (words.length === 1 && isGroup(words[0]));
}

function isGroup(word: string | undefined): boolean {
  return commandIds.some((id) => id.startsWith(`${word} `));
}

function commandOf([first, second]: readonly string[], { commands: texts }: Catalogue): CommandId | undefined {
  if (first === undefined || first.startsWith('-')) return undefined;
  const exact = commandIds.find((id) => id === first || id === `${first} ${second}`);
  if (exact !== undefined || isGroup(first)) return exact;
  const near = nearest(first, [...new Set(commandIds.map((id) => id.split(' ')[0] ?? id))]);
  const hint = near === undefined ? '' : texts.suggestion(near);
  throw new CinzelError('usage.invalid', { sentence: `${texts.faults['commander.unknownCommand'](first)}${hint}` });
}
