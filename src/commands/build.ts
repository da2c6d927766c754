import { CinzelError } from '../core/errors.ts';
import { type ExitCode, exitCodes } from '../core/exit-codes.ts';
import { applicationKeys } from '../distroless/applications/keys.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { build as buildImage } from '../operations/build.ts';
import { type CheckResult, checkBuild } from '../operations/check-build.ts';
import { loadApplication, loadRecipe } from '../operations/load-recipe.ts';
import { escapeTerminal } from '../report/escape.ts';
import { formatBytes } from './columns.ts';
import type { Command, Invocation } from './command.ts';
import { parsePlainOutputs, plainReportOption, writeMade, writePlainOutputs } from './plain-outputs.ts';
import {
  defaultRecipe,
  lockUse,
  namedArchitectures,
  recipeOptions,
  recipeOverrides,
  recipeSettings,
} from './recipe-options.ts';

/** `cinzel build RECIPE`: makes an image from signed packages, writes it, and prints its digest. */
export const build: Command = {
  arguments: ['[recipe]'],
  settings: recipeSettings,
  options: [
    { flags: '-o, --output <DEST>', description: 'build output' },
    { flags: '-t, --tag <NAME:TAG>', description: 'tag' },
    { flags: '--node <PATH>', description: 'node' },
    { flags: '--python <PATH>', description: 'python' },
    { flags: '--java <FILE>', description: 'java' },
    { flags: '--ruby <PATH>', description: 'ruby' },
    { flags: '--php <PATH>', description: 'php' },
    { flags: '--binary <FILE>', description: 'binary' },
    ...recipeOptions,
    { flags: '--check <IMAGE>', description: 'check' },
    { flags: '--annotate <KEY=VALUE>', description: 'annotate', repeatable: true },
    { flags: '--compression <none|gzip>', description: 'build compression', values: ['none', 'gzip'] },
    { flags: '--no-documents', description: 'no documents' },
    { flags: '--sign <KEY>', description: 'sign' },
    plainReportOption,
  ],
  run: async (invocation) => {
    if (typeof invocation.options['check'] === 'string') return checkImage(invocation.options['check'], invocation);
    const { catalogue, options, terminal, toolbox } = invocation;
    const outputs = parsePlainOutputs(options);
    const { recipe, name } = await recipeOf(invocation);
    const result = await buildImage(
      {
        recipe,
        destination: destinationOf(invocation),
        compression: compressionOf(options['compression']),
        documents: options['documents'] !== false,
        ...textOption(options['sign'], 'sign'),
        lock: lockUse(name, invocation),
        ...textOption(options['tag'], 'tag'),
      },
      toolbox,
    );
    const { digest, packages, layers, bytes } = result;
    terminal.say(
      catalogue.commands.built(recipe.name.replace(/\/$/, ''), { packages, layers, size: formatBytes(bytes) }),
    );
    await writeMade(outputs, { digest, packages, layers, bytes }, terminal);
    return exitCodes.done;
  },
};

/** Builds an image again from its own lock; a recipe that is named is the one that it should be of. */
async function checkImage(image: string, invocation: Invocation): Promise<ExitCode> {
  const { catalogue, options, terminal, toolbox } = invocation;
  const [name] = invocation.arguments;
  const isNamed = name !== undefined || applicationKeys.some((key) => options[key] !== undefined);
  const recipe = isNamed ? (await recipeOf(invocation)).recipe : undefined;
  const { report } = lockUse(name ?? defaultRecipe, invocation);
  const texts = catalogue.commands.check;
  const outputs = parsePlainOutputs(options);
  const given = { image, folder: process.cwd(), report, ...(recipe === undefined ? {} : { recipe }) };
  const checked: (CheckResult & { readonly architecture?: string })[] = [];
  for (const architecture of namedArchitectures(options['arch']) ?? [undefined]) {
    const result = await checkBuild({ ...given, ...textOption(architecture, 'architecture') }, toolbox);
    checked.push({ ...textOption(architecture, 'architecture'), ...result });
    const called = escapeTerminal(architecture === undefined ? result.name : `${result.name} (${architecture})`);
    const { length } = result.differences;
    terminal.say(length === 0 ? texts.same(called, result.packages) : texts.differs(called, length));
  }
  const differences = checked.flatMap((result) => result.differences);
  const table = (): string => differences.map((one) => `${escapeTerminal(texts.difference(one))}\n`).join('');
  await writePlainOutputs(outputs, { table, json: { images: checked } }, terminal);
  return differences.length === 0 ? exitCodes.done : exitCodes.gateFailed;
}

/** The recipe that is named, or one for the application that a flag names, on the recipe that is named. */
async function recipeOf(invocation: Invocation): Promise<{ readonly recipe: Recipe; readonly name: string }> {
  const { arguments: words, options } = invocation;
  const [name] = words;
  const overrides = recipeOverrides(invocation);
  const [key, other] = applicationKeys.filter((one) => typeof options[one] === 'string');
  if (other !== undefined) throw new CinzelError('usage.together', { one: `--${key}`, other: `--${other}` });
  const path = key === undefined ? undefined : options[key];
  if (key === undefined || typeof path !== 'string') {
    return { recipe: await loadRecipe(name ?? defaultRecipe, overrides), name: name ?? defaultRecipe };
  }
  return { recipe: await loadApplication({ key, path }, name, overrides), name: name ?? key };
}

function destinationOf({ options }: Invocation): string {
  const { output } = options;
  if (typeof output === 'string') return output;
  throw new CinzelError('usage.no-destination', {});
}

function compressionOf(value: unknown): 'none' | 'gzip' {
  if (value === undefined || value === 'gzip') return 'gzip';
  if (value === 'none') return 'none';
  throw new CinzelError('usage.value', { name: '--compression', value: String(value), allowed: 'none, gzip' });
}

function textOption<Name extends string>(value: unknown, name: Name): { readonly [Key in Name]?: string } {
  return typeof value === 'string' ? ({ [name]: value } as { readonly [Key in Name]?: string }) : {};
}
