import type { Configuration } from '../configuration/configuration.ts';
import type { ConfigurationFile } from '../configuration/file.ts';
import type { SettingKey } from '../configuration/settings.ts';
import type { Context } from '../core/context.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import type { Toolbox } from '../operations/toolbox.ts';
import type { CommandId } from './index.ts';
import type { Terminal } from './terminal.ts';

/** One command of the command line: what it takes, and what it does. */
export interface Command {
  /** Positional arguments as commander writes them: `<image...>`, `[file]`. */
  readonly arguments: readonly string[];
  /** The values of the first argument, where they can be listed. */
  readonly argumentValues?: readonly string[];
  /** Settings that it offers as flags. */
  readonly settings: readonly SettingKey[];
  /** Options of its own. */
  readonly options: readonly CommandOption[];
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

export interface CommandOption {
  /** As commander writes it: `-o, --output <FORMAT[=FILE]>`. */
  readonly flags: string;
  /** Which of the catalogue's texts says what it is for. */
  readonly description: keyof Catalogue['commands']['options'];
  readonly repeatable?: boolean;
  /** The values that it takes, where they can be listed. */
  readonly values?: readonly string[];
}

/** A command with everything that it was given. */
export interface Invocation {
  readonly command: CommandId;
  readonly arguments: readonly string[];
  /** Its own options by long name in camel case. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly configuration: Configuration;
  readonly configurationFile: ConfigurationFile | undefined;
  readonly catalogue: Catalogue;
  readonly context: Context;
  readonly toolbox: Toolbox;
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
}
