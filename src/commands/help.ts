import type { CommanderError, HelpConfiguration } from 'commander';
import type { Catalogue } from '../i18n/catalogue.ts';

/** Commander's own words in the help, in the user's language. */
export function helpIn({ commands: texts }: Catalogue): HelpConfiguration {
  const headings: Readonly<Record<string, string>> = {
    'Usage:': texts.headings.usage,
    'Arguments:': texts.headings.arguments,
    'Options:': texts.headings.options,
    'Commands:': texts.headings.commands,
  };
  return {
    minWidthToWrap: 30,
    styleTitle: (title) => headings[title] ?? title,
    styleUsage: (usage) =>
      usage.replace('[options]', `[${texts.usage.options}]`).replace('[command]', `[${texts.usage.command}]`),
    subcommandTerm: (command) => command.name(),
  };
}

/** What is wrong with the arguments, from commander's code and the name that it quotes. */
export function explainFault(error: CommanderError, { commands: texts }: Catalogue): string {
  const faults: Readonly<Record<string, (name: string) => string>> = texts.faults;
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/s.exec(error.message)?.[1];
  const fault = faults[error.code]?.(name) ?? error.message;
  return suggestion === undefined ? fault : `${fault}${texts.suggestion(suggestion)}`;
}
