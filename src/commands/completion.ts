import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { Command } from './command.ts';
import { fishScript } from './completion-fish.ts';
import { bashScript, zshScript } from './completion-posix.ts';
import { completionWords } from './completion-words.ts';

const shells = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
const shellNames = Object.keys(shells);

/** `cinzel completion bash|zsh|fish`: a script that completes commands, subcommands, flags and their values. */
export const completion: Command = {
  arguments: ['<shell>'],
  argumentValues: shellNames,
  settings: [],
  options: [],
  run: async ({ arguments: [shell = ''], terminal, catalogue }) => {
    if (!isShell(shell))
      throw new CinzelError('usage.value', { name: 'shell', value: shell, allowed: shellNames.join(', ') });
    await terminal.write(shells[shell](await completionWords(catalogue), catalogue.commands.groups));
    return exitCodes.done;
  },
};

function isShell(text: string): text is keyof typeof shells {
  return Object.hasOwn(shells, text);
}
