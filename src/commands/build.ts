import { dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { renderDiagnostic } from '../i18n/render.ts';
import { build as buildImage } from '../operations/build.ts';
import { loadRecipe } from '../operations/load-recipe.ts';
import { escapeTerminal } from '../report/escape.ts';
import { formatBytes } from './columns.ts';
import type { Command, Invocation } from './command.ts';

/** `cinzel build RECIPE`: makes an image from signed packages, writes it, and prints its digest. */
export const build: Command = {
  arguments: ['[recipe]'],
  settings: [
    'mirror',
    'offline',
    'cache.dir',
    'cache.size',
    'registry.insecure',
    'registry.ca',
    'registry.username',
    'docker.host',
    'limits',
  ],
  options: [
    { flags: '-o, --output <DEST>', description: 'build output' },
    { flags: '-t, --tag <NAME:TAG>', description: 'tag' },
    { flags: '--arch <ARCH,…>', description: 'arch' },
    { flags: '--lock <FILE>', description: 'lock' },
    { flags: '--frozen', description: 'frozen' },
    { flags: '--update', description: 'update' },
    { flags: '--compression <none|gzip>', description: 'build compression', values: ['none', 'gzip'] },
  ],
  run: async (invocation) => {
    const { catalogue, options, terminal, toolbox } = invocation;
    const [name = 'cinzel.build.yaml'] = invocation.arguments;
    const recipe = await loadRecipe(name, overrides(invocation));
    const result = await buildImage(
      {
        recipe,
        destination: destinationOf(invocation),
        compression: compressionOf(options['compression']),
        lock: {
          frozen: options['frozen'] === true,
          update: options['update'] === true,
          allowExpired: options['allowExpired'] === true,
          allowEol: options['allowEol'] === true,
          report: (diagnostic) => terminal.say(escapeTerminal(renderDiagnostic(diagnostic, catalogue))),
          ...lockFile(name, options['lock']),
        },
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

/** Beside a recipe file; a ready recipe has no place of its own. */
function lockFile(recipe: string, given: unknown): { readonly file?: string } {
  if (typeof given === 'string') return { file: given };
  return /[/.]/.test(recipe) ? { file: join(dirname(recipe), 'cinzel.lock.json') } : {};
}

function overrides({ options }: Invocation): { readonly architectures?: string[] } {
  const { arch } = options;
  return typeof arch === 'string' ? { architectures: arch.split(',').map((name) => name.trim()) } : {};
}

function compressionOf(value: unknown): 'none' | 'gzip' {
  if (value === undefined || value === 'gzip') return 'gzip';
  if (value === 'none') return 'none';
  throw new CinzelError('usage.value', { name: '--compression', value: String(value), allowed: 'none, gzip' });
}

function textOption<Name extends string>(value: unknown, name: Name): { readonly [Key in Name]?: string } {
  return typeof value === 'string' ? ({ [name]: value } as { readonly [Key in Name]?: string }) : {};
}
