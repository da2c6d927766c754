import { exitCodes } from '../core/exit-codes.ts';
import { compareLocks, type LockChange } from '../distroless/lock/compare.ts';
import { loadRecipe } from '../operations/load-recipe.ts';
import { lockFixes, type SourceFixes } from '../operations/lock-fixes.ts';
import { lockRecipe } from '../operations/lock-recipe.ts';
import { withBases } from '../operations/with-bases.ts';
import { escapeTerminal } from '../report/escape.ts';
import { formatColumns } from './columns.ts';
import type { Command, Invocation } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';
import { defaultRecipe, lockUse, recipeOptions, recipeOverrides, recipeSettings } from './recipe-options.ts';

/** `cinzel lock [RECIPE]`: resolves the packages of a recipe, writes them down, and prints what changed and what that fixes. */
export const lock: Command = {
  arguments: ['[recipe]'],
  settings: recipeSettings,
  options: [...recipeOptions, ...plainOutputOptions],
  run: async (invocation) => {
    const { catalogue, options, terminal, toolbox } = invocation;
    const [name = defaultRecipe] = invocation.arguments;
    const outputs = parsePlainOutputs(options);
    const use = { file: 'cinzel.lock.json', ...lockUse(name, invocation) };
    const recipe = await loadRecipe(name, recipeOverrides(invocation));
    const { lock: after, before } = await withBases(recipe, toolbox, (on, bases) =>
      lockRecipe(on, use, toolbox, bases),
    );
    const changes = compareLocks(before, after);
    const fixes = before === undefined ? [] : await lockFixes({ before, after, recipe }, use.report, toolbox);
    const json = { schemaVersion: 1, lock: use.file, changes, fixes };
    await writePlainOutputs(outputs, { table: () => table(changes, fixes, invocation), json }, terminal);
    if (changes.length === 0) terminal.say(catalogue.commands.lock.unchanged);
    return exitCodes.done;
  },
};

function table(
  changes: readonly LockChange[],
  fixes: readonly SourceFixes[],
  { catalogue: { commands } }: Invocation,
): string {
  if (changes.length === 0) return '';
  const { header, fixes: sentence } = commands.lock;
  const rows = changes.map(({ architecture, name, before, after }) => [
    architecture,
    name,
    before ?? '–',
    after ?? '–',
  ]);
  const lines = fixes
    .filter(({ fixes: ids }) => ids.length > 0)
    .map(({ source, after, fixes: ids }) => escapeTerminal(sentence(`${source} ${after}`, ids.join(', '))));
  return [formatColumns(header, rows), ...(lines.length === 0 ? [] : ['\n', ...lines.map((line) => `${line}\n`)])].join(
    '',
  );
}
