import { dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { renderDiagnostic } from '../i18n/render.ts';
import type { LockUse } from '../operations/build.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command, Invocation } from './command.ts';

/** The recipe file that is meant when none is named. */
export const defaultRecipe = 'cinzel.build.yaml';

/** Settings of commands that read recipes and archives. */
export const recipeSettings = ['mirror', 'offline', 'cache.dir', 'cache.size', 'limits'] as const;

/** Options of commands that resolve recipes. */
export const recipeOptions = [
  { flags: '--arch <ARCH,…>', description: 'arch' },
  { flags: '--lock <FILE>', description: 'lock' },
  { flags: '--frozen', description: 'frozen' },
  { flags: '--update', description: 'update' },
  { flags: '--allow-expired', description: 'allow-expired' },
  { flags: '--allow-eol', description: 'allow-eol' },
] as const satisfies Command['options'];

/** What the flags say in place of the recipe. */
export function recipeOverrides({ options }: Invocation): { readonly architectures?: string[] } {
  const { arch } = options;
  return typeof arch === 'string' ? { architectures: arch.split(',').map((name) => name.trim()) } : {};
}

/** How the lock of a recipe is used. */
export function lockUse(recipe: string, { options, terminal, catalogue }: Invocation): LockUse {
  if (options['frozen'] === true && options['update'] === true) {
    throw new CinzelError('usage.together', { one: '--frozen', other: '--update' });
  }
  return {
    frozen: options['frozen'] === true,
    update: options['update'] === true,
    allowExpired: options['allowExpired'] === true,
    allowEol: options['allowEol'] === true,
    report: (diagnostic) => terminal.say(escapeTerminal(renderDiagnostic(diagnostic, catalogue))),
    ...lockFile(recipe, options['lock']),
  };
}

/** Beside a recipe file; a ready recipe has no place of its own. */
function lockFile(recipe: string, given: unknown): { readonly file?: string } {
  if (typeof given === 'string') return { file: given };
  return /[/.]/.test(recipe) ? { file: join(dirname(recipe), 'cinzel.lock.json') } : {};
}
