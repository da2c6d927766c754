import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { build as buildImage } from '../operations/build.ts';
import { loadRecipe } from '../operations/load-recipe.ts';
import { formatBytes } from './columns.ts';
import type { Command, Invocation } from './command.ts';
import { defaultRecipe, lockUse, recipeOptions, recipeOverrides, recipeSettings } from './recipe-options.ts';

/** `cinzel build RECIPE`: makes an image from signed packages, writes it, and prints its digest. */
export const build: Command = {
  arguments: ['[recipe]'],
  settings: [...recipeSettings, 'registry.insecure', 'registry.ca', 'registry.username', 'docker.host'],
  options: [
    { flags: '-o, --output <DEST>', description: 'build output' },
    { flags: '-t, --tag <NAME:TAG>', description: 'tag' },
    ...recipeOptions,
    { flags: '--compression <none|gzip>', description: 'build compression', values: ['none', 'gzip'] },
    { flags: '--no-documents', description: 'no documents' },
    { flags: '--sign <KEY>', description: 'sign' },
  ],
  run: async (invocation) => {
    const { catalogue, options, terminal, toolbox } = invocation;
    const [name = defaultRecipe] = invocation.arguments;
    const recipe = await loadRecipe(name, recipeOverrides(invocation));
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
    terminal.say(catalogue.commands.built(recipe.name, { packages, layers, size: formatBytes(bytes) }));
    await terminal.write(`${digest}\n`);
    return exitCodes.done;
  },
};

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
