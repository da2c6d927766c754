import type { Recipe } from '../distroless/recipe/model.ts';
import { chooseMirrors, type Mirrors } from '../repositories/apt/mirrors.ts';
import { archiveMirrors } from './archive-mirrors.ts';
import type { Toolbox } from './toolbox.ts';

/** The archive of a recipe: what a flag or the environment says, then the recipe, then what is used otherwise. */
export function recipeMirrors({ mirror }: Recipe, toolbox: Toolbox): Mirrors {
  const origin = toolbox.configuration.origin('mirror').kind;
  if (mirror === undefined || origin === 'flag' || origin === 'environment') return archiveMirrors(toolbox);
  return chooseMirrors({ given: mirror, hostSources: [], now: new Date() });
}
