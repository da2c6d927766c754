import { Command as Commander, CommanderError, Option } from 'commander';
import { parseText, resolveConfiguration, splitPair } from '../configuration/configuration.ts';
import { findConfigurationFile, readConfigurationFile } from '../configuration/file.ts';
import { type Setting, type SettingKey, type SettingValue, settings } from '../configuration/settings.ts';
import { CinzelError } from '../core/errors.ts';
import { type ExitCode, exitCodes } from '../core/exit-codes.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { createToolbox } from '../operations/toolbox.ts';
import { version } from '../version.ts';
import type { Command } from './command.ts';
import { commonSettings, type Flag, flagsOf } from './flags.ts';
import { explainFault, helpIn } from './help.ts';
import { type CommandId, commandIds, commands } from './index.ts';
import { createProgress } from './progress.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { readWords } from './words.ts';

interface ProgramOptions {
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
}

/** Parses the arguments, loads the one command that they name, and runs it. */
export async function runProgram(process: NodeJS.Process, options: ProgramOptions): Promise<ExitCode> {
  const { id, words } = readWords(process.argv.slice(2), options.catalogue);
  const program = createProgram(options.catalogue, process);
  if (id === undefined) return parse(addAllNames(program, options.catalogue), words, options.catalogue);
  let exitCode: ExitCode = exitCodes.done;
  const command: Command = await commands[id]();
  const leaf = addCommand(program, id, command, options.catalogue);
  leaf.action(async () => {
    exitCode = await invoke(id, command, leaf, process, options);
  });
  await parse(program, words, options.catalogue);
  return exitCode;
}

function createProgram(catalogue: Catalogue, { stdout, stderr }: NodeJS.Process): Commander {
  return new Commander('cinzel')
    .description(catalogue.commands.description)
    .version(version, '-V, --version', catalogue.commands.version)
    .helpOption('-h, --help', catalogue.commands.help)
    .helpCommand(false)
    .configureHelp(helpIn(catalogue))
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => {}, outputError: () => stderr })
    .showSuggestionAfterError(true);
}

async function parse(program: Commander, words: readonly string[], catalogue: Catalogue): Promise<ExitCode> {
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    throw new CinzelError('usage.invalid', { sentence: explainFault(error, catalogue) }, { cause: error });
  }
}

function addAllNames(program: Commander, catalogue: Catalogue): Commander {
  for (const id of commandIds) branchOf(program, id, catalogue).description(catalogue.commands.summaries[id]);
  return program;
}

/** The commander of a command; its parent is made when it is a subcommand. */
function branchOf(program: Commander, id: CommandId, { commands: texts }: Catalogue): Commander {
  const [first = id, second] = id.split(' ');
  const known = program.commands.find((command) => command.name() === first);
  const branch = known ?? program.command(first).helpCommand(false).helpOption('-h, --help', texts.help);
  if (second === undefined) return branch;
  if (isGroup(first, texts.groups)) branch.description(texts.groups[first]);
  return branch.command(second).helpOption('-h, --help', texts.help);
}

function isGroup<Groups extends object>(word: string, groups: Groups): word is Extract<keyof Groups, string> {
  return Object.hasOwn(groups, word);
}

function addCommand(program: Commander, id: CommandId, command: Command, catalogue: Catalogue): Commander {
  const leaf = branchOf(program, id, catalogue).description(catalogue.commands.summaries[id]);
  leaf.showSuggestionAfterError(true);
  for (const argument of command.arguments) leaf.argument(argument);
  for (const flag of flagsOf(command, catalogue)) leaf.addOption(commanderOption(flag));
  return leaf;
}

function commanderOption({ flags, description, repeatable }: Flag): Option {
  const option = new Option(flags, description);
  if (repeatable)
    option.argParser((value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value]);
  // Commander would give a negated switch the value true; only what was typed may count as a flag.
  return option.negate ? option.default(undefined) : option;
}

async function invoke(
  id: CommandId,
  command: Command,
  leaf: Commander,
  process: NodeJS.Process,
  options: ProgramOptions,
): Promise<ExitCode> {
  const given = leaf.opts<Record<string, string | boolean | readonly string[] | undefined>>();
  const path = findConfigurationFile(process.cwd());
  const configurationFile = path === undefined ? undefined : await readConfigurationFile(path);
  const configuration = resolveConfiguration({
    flags: flagValues(command, given, leaf),
    environment: process.env,
    ...(configurationFile === undefined ? {} : { file: configurationFile }),
  });
  const terminal = createTerminal(process, configuration.get('quiet'));
  const progress = createProgress(terminal, options.catalogue, process.stderr);
  const toolbox = createToolbox({
    configuration,
    environment: process.env,
    signal: options.signal,
    progress: progress.listener,
    ...(configurationFile === undefined
      ? {}
      : { ignoreRules: { path: configurationFile.path, items: configurationFile.ignore } }),
  });
  try {
    return await command.run({
      command: id,
      arguments: leaf.args,
      options: given,
      configuration,
      configurationFile,
      catalogue: options.catalogue,
      context: toolbox.context,
      toolbox,
      terminal: clearing(terminal, progress.clear),
      environment: process.env,
    });
  } finally {
    progress.stop();
    await toolbox.close();
  }
}

/** A terminal whose progress line is wiped before anything else is written to it. */
function clearing(terminal: Terminal, clear: () => void): Terminal {
  return {
    ...terminal,
    write: (text) => {
      clear();
      return terminal.write(text);
    },
    say: (line) => {
      clear();
      terminal.say(line);
    },
  };
}

function flagValues(
  command: Command,
  given: Readonly<Record<string, unknown>>,
  leaf: Commander,
): Partial<Record<SettingKey, SettingValue>> {
  const values: Partial<Record<SettingKey, SettingValue>> = {};
  for (const key of [...command.settings, ...commonSettings]) {
    const setting: Setting = settings[key];
    if (setting.flag === undefined) continue;
    const name = setting.flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = given[name];
    if (value === undefined || leaf.getOptionValueSource(name) !== 'cli') continue;
    values[key] = flagValue(setting, value);
  }
  return { ...values, ...feedAddresses(given['feed']) };
}

/** `--feed osv=URL` sets `feeds.osv.url`. */
function feedAddresses(given: unknown): Partial<Record<SettingKey, SettingValue>> {
  if (!Array.isArray(given)) return {};
  const addresses = (given as readonly string[]).map((text) => {
    const [feed, url] = splitPair(text, '--feed');
    const key = `feeds.${feed}.url`;
    if (Object.hasOwn(settings, key)) return [key, url];
    throw new CinzelError('usage.value', { name: '--feed', value: feed, allowed: 'osv=URL' });
  });
  return Object.fromEntries(addresses) as Partial<Record<SettingKey, SettingValue>>;
}

function flagValue(setting: Setting, value: unknown): SettingValue {
  const name = `--${setting.flag}`;
  if (typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return parseText(setting, String(value), name);
  const items = (value as readonly string[]).flatMap((item) => item.split(','));
  return setting.kind === 'map' ? Object.fromEntries(items.map((item) => splitPair(item, name))) : items;
}
