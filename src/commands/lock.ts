import { exitCodes } from '../core/exit-codes.ts';
import { compareLocks } from '../distroless/lock/compare.ts';
import { loadRecipe } from '../operations/load-recipe.ts';
import { lockRecipe } from '../operations/lock-recipe.ts';
import { formatColumns } from './columns.ts';
import type { Command } from './command.ts';
import { defaultRecipe, lockUse, recipeOptions, recipeOverrides, recipeSettings } from './recipe-options.ts';

/** `cinzel lock [RECIPE]`: resolves the packages of a recipe, writes them down, and prints what changed. */
export const lock: Command = {
  arguments: ['[recipe]'],
  settings: recipeSettings,
  options: recipeOptions,
  run: async (invocation) => {
    const { catalogue, terminal, toolbox } = invocation;
    const [name = defaultRecipe] = invocation.arguments;
    const use = lockUse(name, invocation);
    const recipe = await loadRecipe(name, recipeOverrides(invocation));
    const { lock: made, before } = await lockRecipe(recipe, { file: 'cinzel.lock.json', ...use }, toolbox);
    const changes = compareLocks(before, made);
    const rows = changes.map(({ architecture, name: changed, before: was, after: is }) => [
      architecture,
      changed,
      was ?? '–',
      is ?? '–',
    ]);
    if (rows.length === 0) terminal.say(catalogue.commands.lock.unchanged);
    else await terminal.write(formatColumns(catalogue.commands.lock.header, rows));
    return exitCodes.done;
  },
};
