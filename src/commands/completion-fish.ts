import { type CompletionWords, firstWords, groupsOf } from './completion-words.ts';

/** The completion of fish, which shows what each word is for. */
export function fishScript(
  commands: readonly CompletionWords[],
  groupSummaries: Readonly<Record<string, string>>,
): string {
  const groups = groupsOf(commands);
  const summaries = new Map(commands.map(({ id, summary }) => [id as string, summary]));
  const first = firstWords(commands).map((word) =>
    line('__fish_use_subcommand', '-f', '-a', word, ...about(summaries.get(word) ?? groupSummaries[word])),
  );
  const second = [...groups].flatMap(([group, words]) => {
    const isOpen = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${words.join(' ')}`;
    return words.map((word) => line(isOpen, '-f', '-a', word, ...about(summaries.get(`${group} ${word}`))));
  });
  return `${[...first, ...second, ...commands.flatMap(linesOf)].join('\n')}\n`;
}

function linesOf({ id, argument, flags }: CompletionWords): readonly string[] {
  const isHere = id
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
  const positional = argument.length === 0 ? [] : [line(isHere, '-f', '-a', quote(argument.join(' ')))];
  const options = flags.map(({ names, description, takesValue, values }) => {
    const spelled = names.flatMap((name) => (name.startsWith('--') ? ['-l', name.slice(2)] : ['-s', name.slice(1)]));
    const value = values.length > 0 ? ['-x', '-a', quote(values.join(' '))] : takesValue ? ['-r'] : [];
    return line(isHere, ...spelled, ...value, ...about(description));
  });
  return [...positional, ...options];
}

function line(condition: string, ...words: readonly string[]): string {
  return ['complete', '-c', 'cinzel', '-n', quote(condition), ...words].join(' ');
}

function about(text: string | undefined): readonly string[] {
  return text === undefined ? [] : ['-d', quote(text)];
}

/** In single quotes, fish understands only `\\` and `\'` (fish documentation, "Quotes"). */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
