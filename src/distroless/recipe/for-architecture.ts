import type { Architecture } from '../architectures.ts';
import type { FileRequest, Recipe } from './model.ts';

/** The recipe with Debian's name of the architecture where it says `{architecture}`: in links, environment, commands. */
export function forArchitecture(recipe: Recipe, { debian }: Architecture): Recipe {
  const filled = (text: string): string => text.replaceAll('{architecture}', debian);
  const file = (request: FileRequest): FileRequest =>
    request.kind === 'symlink' ? { ...request, target: filled(request.target) } : request;
  const { runtime } = recipe;
  return {
    ...recipe,
    stages: recipe.stages.map((stage) => ({ ...stage, files: stage.files.map(file) })),
    runtime: {
      ...runtime,
      env: Object.fromEntries(Object.entries(runtime.env).map(([name, value]) => [name, filled(value)])),
      ...(runtime.entrypoint === undefined ? {} : { entrypoint: runtime.entrypoint.map(filled) }),
      ...(runtime.cmd === undefined ? {} : { cmd: runtime.cmd.map(filled) }),
    },
  };
}
