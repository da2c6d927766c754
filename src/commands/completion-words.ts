import type { SettingKey } from '../configuration/settings.ts';
import { defaultLimits } from '../core/limits.ts';
import { severities } from '../findings/model.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { feedNames } from '../operations/feeds.ts';
import type { Command } from './command.ts';
import { flagsOf } from './flags.ts';
import { type CommandId, commandIds, commands } from './index.ts';

/** What a completion script knows of one command. */
export interface CompletionWords {
  readonly id: CommandId;
  readonly summary: string;
  /** Values of the first argument; none where it is a file or a name. */
  readonly argument: readonly string[];
  readonly flags: readonly CompletionFlag[];
}

export interface CompletionFlag {
  /** With their dashes, short before long. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly values: readonly string[];
}

/** Values that are no choice of one, so that the settings do not list them. */
const settingValues: { readonly [Key in SettingKey]?: readonly string[] } = {
  severity: severities,
  'fail-on': [...severities, 'fixable'],
  feeds: feedNames,
  limits: Object.keys(defaultLimits).map((name) => `${name}=`),
};

export function completionWords(catalogue: Catalogue): Promise<readonly CompletionWords[]> {
  return Promise.all(
    commandIds.map(async (id) => {
      const command: Command = await commands[id]();
      const help = {
        names: ['-h', '--help'],
        description: catalogue.commands.help,
        takesValue: false,
        values: [],
      };
      const flags = flagsOf(command, catalogue).map((flag) => ({
        names: flag.flags.match(/(?<![\w<])--?[a-z][\w-]*/g) ?? [],
        description: flag.description,
        takesValue: flag.flags.includes('<'),
        values: flag.values ?? (flag.setting === undefined ? [] : (settingValues[flag.setting] ?? [])),
      }));
      return {
        id,
        summary: catalogue.commands.summaries[id],
        argument: command.argumentValues ?? [],
        flags: [...flags, help],
      };
    }),
  );
}

/** The first words of commands, each once: `db` stands for `db update` and `db status`. */
export function firstWords(commandsWords: readonly CompletionWords[]): readonly string[] {
  return [...new Set(commandsWords.map(({ id }) => id.split(' ')[0] ?? id))];
}

/** The subcommands of each first word that has some. */
export function groupsOf(commandsWords: readonly CompletionWords[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const { id } of commandsWords) {
    const [first = id, second] = id.split(' ');
    if (second !== undefined) groups.set(first, [...(groups.get(first) ?? []), second]);
  }
  return groups;
}
