import { type ImagePath, parentPath } from '../../core/path.ts';
import { matchingPaths } from '../matching-paths.ts';
import type { Edge } from '../model.ts';
import { servedEdges } from '../php/php-edges.ts';
import { type Analyser, absolutePath, type World } from '../world.ts';

/** Configuration of Apache (httpd.apache.org, "Directive Index"): modules, what it includes, serves and reads. */
export const apache: Analyser = {
  id: 'apache',
  version: 1,
  data: true,
  takes: ({ languages }) => languages.has('apache'),
  analyse: async (file, world) => {
    const text = Buffer.from(await file.bytes())
      .toString('utf8')
      .replace(/\\\r?\n/g, ' ');
    const lines = text.split('\n').filter((line) => !/^\s*#/.test(line));
    return { edges: lines.flatMap((line) => directiveEdges(line, file.path, world)) };
  },
};

function directiveEdges(line: string, from: ImagePath, world: World): readonly Edge[] {
  const [name = '', ...words] = (line.match(/"[^"]*"|[^\s"<>]+/g) ?? []).map((word) =>
    expand(word.replaceAll('"', ''), world),
  );
  const edge = { kind: 'config', detail: line.trim().slice(0, 80), certain: false } as const;
  const pathsOf = (word: string): readonly ImagePath[] =>
    basesOf(from).flatMap((base) => absolutePath(word, base) ?? []);
  switch (name.toLowerCase()) {
    case 'include':
    case 'includeoptional':
      return words
        .flatMap(pathsOf)
        .flatMap((path) => matchingPaths(path, world.tree))
        .map((to): Edge => ({ ...edge, to, language: 'apache' }));
    case 'loadmodule':
    case 'loadfile':
      return words
        .filter((word) => word.includes('.so'))
        .flatMap(pathsOf)
        .map((to): Edge => ({ ...edge, to, kind: 'dlopen' }));
    case 'documentroot':
    case 'alias':
    case 'scriptalias':
      return words
        .filter((word) => word.length > 1)
        .slice(-1)
        .flatMap(pathsOf)
        .flatMap((to): readonly Edge[] => [{ ...edge, to, whole: true }, ...servedEdges(to, world)]);
    default:
      return words
        .filter((word) => /^\/[\w./-]+$/.test(word) && world.tree.findFile(word) !== undefined)
        .map((to): Edge => ({ ...edge, to }));
  }
}

/** `${NAME}` of the environment. */
function expand(word: string, { environment }: World): string {
  return word.replace(/\$\{(\w+)\}/g, (all, name: string) => environment.get(name) ?? all);
}

/** Relative names count from ServerRoot, which is the folder of the main file or one above it. */
function basesOf(from: ImagePath): readonly ImagePath[] {
  return [parentPath(from), parentPath(parentPath(from))];
}
