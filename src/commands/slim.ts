import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { profileKinds } from '../distroless/profiles/kinds.ts';
import { slim as slimImage } from '../operations/slim.ts';
import type { SlimOptions } from '../operations/slim-options.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command, Invocation } from './command.ts';
import { contractPath, runtimeChoice, runtimeOptions } from './contract-options.ts';
import { differenceLines } from './difference-table.ts';
import { writeFile } from './outputs.ts';
import { profileOutputs } from './profile-outputs.ts';
import { behaviourLines, slimLines, slimTable } from './slim-table.ts';
import { sourceSettings } from './source-settings.ts';

const formats = ['table', 'json'] as const;

/** `cinzel slim IMAGE`: cuts an image to what its application reaches, writes it, and prints its digest. */
export const slim: Command = {
  arguments: ['<image>'],
  settings: [...sourceSettings, 'keep', 'db.dir'],
  options: [
    { flags: '-o, --output <DEST>', description: 'build output' },
    { flags: '-t, --tag <NAME:TAG>', description: 'slim tag' },
    { flags: '--plan', description: 'plan' },
    { flags: '--recipe <FILE>', description: 'slim recipe' },
    { flags: '--report <FORMAT[=FILE]>', description: 'slim report', repeatable: true, values: formats },
    { flags: '--app <PATH>', description: 'app', repeatable: true },
    { flags: '--app-strict', description: 'app strict' },
    { flags: '--user <USER>', description: 'user' },
    { flags: '--keep-entrypoint', description: 'keep entrypoint' },
    { flags: '--compression <none|gzip>', description: 'build compression', values: ['none', 'gzip'] },
    { flags: '--contract <FILE|default>', description: 'slim contract' },
    { flags: '--write-anyway', description: 'write anyway' },
    { flags: '--trace', description: 'trace' },
    { flags: '--trace-file <FILE>', description: 'trace files', repeatable: true },
    { flags: '--profile <KIND=FILE>', description: 'profile', repeatable: true, values: profileKinds },
    ...runtimeOptions,
    { flags: '--no-documents', description: 'no documents' },
    { flags: '--sign <KEY>', description: 'sign' },
  ],
  run: async (invocation) => {
    const { arguments: words, catalogue, options, terminal, toolbox } = invocation;
    const [image = ''] = words;
    const onlyPlan = options['plan'] === true;
    const reports = reportsOf(options['report'], onlyPlan);
    const profiles = profileOutputs(options);
    const kinds = profiles.map(({ kind }) => kind);
    const texts = catalogue.commands.slim;
    const given = { ...slimOptions(options, onlyPlan), ...recipeOption(image, invocation), profiles: kinds };
    const report = await slimImage(image, given, toolbox);
    for (const { format, file } of reports) {
      const text = format === 'json' ? `${JSON.stringify(report, undefined, 2)}\n` : slimTable(report, catalogue);
      if (file === undefined) await terminal.write(text);
      else await writeFile(file, [text]);
    }
    for (const { kind, file } of profiles) {
      await writeFile(file, [report.profiles?.[kind] ?? '']);
      terminal.say(catalogue.commands.written(file));
    }
    if (report.recipe !== undefined) terminal.say(texts.recipe(report.recipe));
    const name = escapeTerminal(report.image.name);
    if (report.distroless) terminal.say(texts.distroless(name));
    const exit = report.behaviour === 'different' ? exitCodes.gateFailed : exitCodes.done;
    if (exit === exitCodes.gateFailed) {
      for (const line of differenceLines(report.contract?.differences ?? [], catalogue)) terminal.say(line);
    }
    if (report.written === undefined) {
      if (report.contract !== undefined) for (const line of behaviourLines(report, catalogue)) terminal.say(line);
      return exit;
    }
    if (!reports.some(({ format, file }) => format === 'table' && file === undefined)) {
      for (const line of slimLines(report, catalogue)) terminal.say(escapeTerminal(line));
    }
    if (reports.every(({ file }) => file !== undefined)) await terminal.write(`${report.written.digest}\n`);
    return exit;
  },
};

/** Where the recipe goes, if one is to be written, with what people read at its top. */
function recipeOption(image: string, { options, catalogue }: Invocation): Pick<SlimOptions, 'recipe'> {
  const { recipe: file, plan } = options;
  if (typeof file !== 'string') return {};
  if (plan === true) throw new CinzelError('usage.together', { one: '--plan', other: '--recipe' });
  const note = catalogue.commands.slim.recipeNote(escapeTerminal(image), escapeTerminal(file));
  return { recipe: { file, note } };
}

function slimOptions(options: Invocation['options'], onlyPlan: boolean): SlimOptions {
  const { output, tag, app, user, documents, sign, recipe } = options;
  if (!onlyPlan && typeof output !== 'string' && typeof recipe !== 'string') {
    throw new CinzelError('usage.no-slim-destination', {});
  }
  return {
    ...(onlyPlan || typeof output !== 'string' ? {} : { destination: output }),
    ...(typeof tag === 'string' ? { tag } : {}),
    compression: compressionOf(options['compression']),
    application: Array.isArray(app) ? (app as readonly string[]) : [],
    strict: options['appStrict'] === true,
    ...(typeof user === 'string' ? { user } : {}),
    keepEntrypoint: options['keepEntrypoint'] === true,
    ...proofOptions(options),
    documents: documents !== false,
    ...(typeof sign === 'string' ? { sign } : {}),
  };
}

/** What runs, if something is to run: `--trace` needs probes to play too. */
function proofOptions(options: Invocation['options']): Partial<SlimOptions> {
  const { contract, trace, traceFile, writeAnyway } = options;
  const runs = typeof contract === 'string' || trace === true;
  const path = contractPath(options);
  const choice = runtimeChoice(options);
  if (trace === true && choice.runtime !== 'bubblewrap') {
    throw new CinzelError('usage.untraced', { runtime: choice.runtime });
  }
  const allCalls = profileOutputs(options).some(({ kind }) => kind === 'seccomp');
  return {
    ...(runs ? { proof: { ...choice, allCalls, ...(path === undefined ? {} : { contract: path }) } } : {}),
    trace: trace === true,
    traceFiles: Array.isArray(traceFile) ? (traceFile as readonly string[]) : [],
    writeAnyway: writeAnyway === true,
  };
}

function compressionOf(value: unknown): 'none' | 'gzip' {
  if (value === undefined || value === 'gzip') return 'gzip';
  if (value === 'none') return 'none';
  throw new CinzelError('usage.value', { name: '--compression', value: String(value), allowed: 'none, gzip' });
}

interface ReportOutput {
  readonly format: (typeof formats)[number];
  /** Absent means stdout. */
  readonly file?: string;
}

function reportsOf(value: unknown, onlyPlan: boolean): readonly ReportOutput[] {
  const outputs = (Array.isArray(value) ? (value as readonly string[]) : []).map((text): ReportOutput => {
    const [, format = text, file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (format !== 'table' && format !== 'json') {
      throw new CinzelError('usage.value', { name: '--report', value: format, allowed: formats.join(', ') });
    }
    return file === '' || file === '-' ? { format } : { format, file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1) throw new CinzelError('usage.outputs', {});
  return outputs.length === 0 && onlyPlan ? [{ format: 'table' }] : outputs;
}
