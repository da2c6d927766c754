import { dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import type { RecipeDocument } from '../distroless/recipe/schema.ts';
import { renderDiagnostic } from '../i18n/render.ts';
import type { LockUse } from '../operations/build.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command, Invocation } from './command.ts';

/** The recipe file that is meant when none is named. */
export const defaultRecipe = 'cinzel.build.yaml';

/** Settings of commands that read recipes and archives. */
export const recipeSettings = [
  'mirror',
  'offline',
  'cache.dir',
  'cache.size',
  'limits',
  'registry.insecure',
  'registry.ca',
  'registry.username',
  'docker.host',
] as const;

/** Options of commands that resolve recipes. */
export const recipeOptions = [
  { flags: '--arch <ARCH,…>', description: 'arch' },
  { flags: '--lock <FILE>', description: 'lock' },
  { flags: '--frozen', description: 'frozen' },
  { flags: '--update', description: 'update' },
  { flags: '--allow-expired', description: 'allow-expired' },
  { flags: '--allow-eol', description: 'allow-eol' },
] as const satisfies Command['options'];

/** What the flags say in place of the recipe, or besides it. */
export function recipeOverrides({ options }: Invocation): RecipeDocument {
  const { annotate } = options;
  const architectures = namedArchitectures(options['arch']);
  return {
    ...(architectures === undefined ? {} : { architectures: [...architectures] }),
    ...(Array.isArray(annotate) ? { annotations: annotationsOf(annotate as readonly string[]) } : {}),
  };
}

export function namedArchitectures(arch: unknown): readonly string[] | undefined {
  return typeof arch === 'string' ? arch.split(',').map((name) => name.trim()) : undefined;
}

/** `KEY=VALUE`; a key is never empty (image specification, annotations.md). */
function annotationsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (key !== undefined) return [key, value];
      throw new CinzelError('usage.value', { name: '--annotate', value: text, allowed: 'KEY=VALUE' });
    }),
  );
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
