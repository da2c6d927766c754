import { type Setting, type SettingKey, settings } from '../configuration/settings.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import type { Command } from './command.ts';

/** Settings that every command takes. */
export const commonSettings: readonly SettingKey[] = ['lang', 'quiet'];

/** One flag of a command, for its help, its completion and its page in docs/. */
export interface Flag {
  /** As commander writes it: `-o, --output <FORMAT[=FILE]>`. */
  readonly flags: string;
  /** Long name with its dashes: `--output`. */
  readonly name: string;
  readonly description: string;
  readonly repeatable: boolean;
  /** The setting behind it; absent for an option of the command's own. */
  readonly setting?: SettingKey;
  /** Values that it takes, where they can be listed. */
  readonly values?: readonly string[];
}

/** The flags of a command in the order of its help: its own, then those of its settings, then the common ones. */
export function flagsOf(command: Command, catalogue: Catalogue): readonly Flag[] {
  const { options } = catalogue.commands;
  const own = command.options.map(({ flags, description, repeatable, values }) => ({
    flags,
    name: longName(flags),
    description: options[description],
    repeatable: repeatable === true,
    ...(values === undefined ? {} : { values }),
  }));
  const keys = [...command.settings, ...commonSettings];
  return [...own, ...keys.flatMap((key) => settingFlag(key, catalogue))];
}

/** The flag of a setting; none where it has only a variable and a place in the file. */
export function settingFlag(key: SettingKey, catalogue: Catalogue): readonly Flag[] {
  const setting: Setting = settings[key];
  if (setting.flag === undefined) return [];
  const flags = spell(setting, setting.flag);
  return [
    {
      flags,
      name: longName(flags),
      description: describe(setting, catalogue.settings[key]),
      repeatable: setting.kind === 'list' || setting.kind === 'map',
      setting: key,
      ...(setting.choices === undefined ? {} : { values: setting.choices }),
    },
  ];
}

/** Choices that a placeholder hides are told in words. */
function describe({ choices, placeholder }: Setting, text: string): string {
  return choices === undefined || placeholder === undefined ? text : `${text}: ${choices.join(', ')}`;
}

function spell({ kind, placeholder, choices, default: byDefault }: Setting, flag: string): string {
  if (kind === 'switch') return byDefault === true ? `--no-${flag}` : `--${flag}`;
  return `--${flag} <${placeholder ?? choices?.join('|') ?? 'VALUE'}>`;
}

function longName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}
