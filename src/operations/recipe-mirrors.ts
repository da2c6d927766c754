import type { Recipe } from '../distroless/recipe/model.ts';
import { splitUserInfo } from '../repositories/apt/credentials.ts';
import { parseRecipeMirror, withoutSlash } from '../repositories/apt/mirror-address.ts';
import { chooseMirrors, type Mirrors } from '../repositories/apt/mirrors.ts';
import { archiveMirrors } from './archive-mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** The archives of a recipe: Debian's, and those that it names besides. */
export function recipeMirrors(recipe: Recipe, toolbox: Toolbox): Mirrors {
  const mirrors = mainMirrors(recipe, toolbox);
  const further = recipe.sources.map(({ name, mirror }) => ({ name, ...splitUserInfo(parseRecipeMirror(mirror)) }));
  if (further.length === 0) return mirrors;
  return {
    ...mirrors,
    others: Object.fromEntries(further.map(({ name, url }) => [name, withoutSlash(url)])),
    credentials: [...further.flatMap(({ credential }) => credential ?? []), ...(mirrors.credentials ?? [])],
  };
}

/** What a flag or the environment says, then the recipe, then what is used otherwise. */
function mainMirrors({ mirror }: Recipe, toolbox: Toolbox): Mirrors {
  const origin = toolbox.configuration.origin('mirror').kind;
  if (mirror === undefined || origin === 'flag' || origin === 'environment') return archiveMirrors(toolbox);
  return chooseMirrors({ given: mirror, hostSources: [], now: new Date() });
}
