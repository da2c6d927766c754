import { asObject, asString } from '../../core/json.ts';
import { type ImagePath, joinPath, parentPath, rootPath } from '../../core/path.ts';
import { resolverOf } from '../analysers/node.ts';
import type { Edge, Invocation } from '../model.ts';
import { absolutePath } from '../world.ts';
import type { Runner } from './runner.ts';

/** `npm start`, `npm run NAME`, `yarn NAME`, `pnpm NAME`, `npx NAME`: a script of the manifest, run by the shell. */
export const npmRunner: Runner = {
  id: 'npm',
  programs: /^(?:npm|yarn|yarnpkg|pnpm|npx|npm-cli\.js|npx-cli\.js|yarn\.js|pnpm\.cjs)$/,
  run: async (invocation, program, world) => {
    const { name, words, folder } = parse(invocation);
    const manifestPath = joinPath(folder, 'package.json');
    const manifest = await resolverOf(world).manifest(manifestPath);
    const edges: Edge[] = [{ to: manifestPath, kind: 'config', certain: false }];
    const scripts = asObject(manifest?.['scripts']);
    const environment = new Map(invocation.environment);
    environment.set(
      'PATH',
      [...binFolders(folder), environment.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin'].join(':'),
    );
    const lines = [`pre${name}`, name, `post${name}`].flatMap((one) => {
      const line = asString(scripts?.[one]);
      // `npm start` without such a script starts server.js.
      if (line === undefined)
        return one === 'start' && world.tree.findFile(joinPath(folder, 'server.js')) !== undefined
          ? ['node server.js']
          : [];
      return [one === name && words.length > 0 ? `${line} ${words.map(quoted).join(' ')}` : line];
    });
    const from = world.tree.find(program)?.path ?? program;
    const kind = 'command' as const;
    const runs: Invocation[] = lines.map((line) => ({
      argv: ['/bin/sh', '-c', line],
      environment,
      folder,
      kind,
      from,
    }));
    if (lines.length === 0) runs.push({ argv: [name, ...words], environment, folder, kind, from, certain: false });
    return { edges, runs };
  },
};

function parse({ argv, folder }: Invocation): {
  readonly name: string;
  readonly words: readonly string[];
  readonly folder: ImagePath;
} {
  let place = folder;
  const rest: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--prefix' || word === '-C' || word === '--dir' || word === '--cwd')
      place = absolutePath(argv[++at] ?? '', folder) ?? folder;
    else if (word.startsWith('--prefix=')) place = absolutePath(word.slice(9), folder) ?? folder;
    else if (word === '--') {
      rest.push(...argv.slice(at + 1));
      break;
    } else if (!word.startsWith('-')) rest.push(word);
  }
  const [first = 'start', second, ...others] = rest;
  if (['run', 'run-script', 'exec'].includes(first)) return { name: second ?? 'start', words: others, folder: place };
  return { name: first, words: second === undefined ? [] : [second, ...others], folder: place };
}

function binFolders(folder: ImagePath): readonly ImagePath[] {
  const folders: ImagePath[] = [];
  for (let at = folder; ; at = parentPath(at)) {
    folders.push(joinPath(at, 'node_modules/.bin'));
    if (at === rootPath) return folders;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
