import { type Setting, settings } from '../configuration/settings.ts';
import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { Command } from './command.ts';
import { commandIds, commands } from './index.ts';

const shells = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `cinzel completion bash|zsh|fish`: a script that completes commands, subcommands and flags. */
export const completion: Command = {
  arguments: ['<shell>'],
  settings: [],
  options: [],
  run: async ({ arguments: [shell = ''], terminal }) => {
    if (!isShell(shell))
      throw new CinzelError('usage.value', { name: 'shell', value: shell, allowed: Object.keys(shells).join(', ') });
    await terminal.write(shells[shell](await describeCommands()));
    return exitCodes.done;
  },
};

function isShell(text: string): text is keyof typeof shells {
  return Object.hasOwn(shells, text);
}

/** Flags by command. */
type Words = ReadonlyMap<string, readonly string[]>;

async function describeCommands(): Promise<Words> {
  const words = new Map<string, readonly string[]>();
  for (const id of commandIds) {
    const command: Command = await commands[id]();
    const own = command.options.flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []);
    const shared = [...command.settings, 'lang' as const, 'quiet' as const].flatMap((key) => flagOf(settings[key]));
    words.set(id, [...new Set([...own, ...shared, '--help'])].sort());
  }
  return words;
}

function flagOf(setting: Setting): readonly string[] {
  if (setting.flag === undefined) return [];
  return [setting.kind === 'switch' && setting.default === true ? `--no-${setting.flag}` : `--${setting.flag}`];
}

function firstWords(words: Words): readonly string[] {
  return [...new Set([...words.keys()].map((id) => id.split(' ')[0] ?? id))];
}

function secondWords(words: Words, first: string): readonly string[] {
  return [...words.keys()].flatMap((id) => (id.startsWith(`${first} `) ? [id.slice(first.length + 1)] : []));
}

function bashScript(words: Words): string {
  const parents = firstWords(words).filter((first) => secondWords(words, first).length > 0);
  const flags = [...words].map(([id, list]) => `    "${id}") words="${list.join(' ')}" ;;`);
  const subcommands = parents.map((first) => `    ${first}) words="${secondWords(words, first).join(' ')}" ;;`);
  return `_cinzel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" first="\${COMP_WORDS[1]}" words=""
  local command="$first"
  case "$first" in ${parents.join('|')}) command="$first \${COMP_WORDS[2]}" ;; esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${firstWords(words).join(' ')} --help --version"
  elif [ "$COMP_CWORD" -eq 2 ]; then case "$first" in
${subcommands.join('\n')}
  esac; fi
  if [[ "$current" == -* ]]; then case "$command" in
${flags.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ "\${#COMPREPLY[@]}" -eq 0 ] && compopt -o default
}
complete -F _cinzel cinzel
`;
}

function zshScript(words: Words): string {
  return `#compdef cinzel
autoload -U +X bashcompinit && bashcompinit
${bashScript(words)}`;
}

function fishScript(words: Words): string {
  const lines = [`complete -c cinzel -n __fish_use_subcommand -f -a "${firstWords(words).join(' ')}"`];
  for (const [id, flags] of words) {
    const [first = id, second] = id.split(' ');
    if (second !== undefined)
      lines.push(`complete -c cinzel -n "__fish_seen_subcommand_from ${first}" -f -a ${second}`);
    for (const flag of flags)
      lines.push(`complete -c cinzel -n "__fish_seen_subcommand_from ${second ?? first}" -l ${flag.slice(2)}`);
  }
  return `${lines.join('\n')}\n`;
}
