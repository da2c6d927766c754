import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { Edge, Invocation } from '../model.ts';
import { findProgram } from '../programs.ts';
import { bundleEdges, bundlePath } from '../ruby/bundle.ts';
import { rubyOf } from '../ruby/environment.ts';
import { featureEdges, loadedEdge } from '../ruby/feature-edges.ts';
import { scanRuby } from '../ruby/scan-ruby.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Programs that load files of the working folder without being told which. */
const starters =
  /^(?:rackup|puma|thin|unicorn|falcon|rainbows|iodine|passenger|pumactl|rails|rake|sidekiq|shoryuken|hanami|foreman)$/;
const startFiles = [
  'config.ru',
  'config/puma.rb',
  'config/unicorn.rb',
  'config/application.rb',
  'config/environment.rb',
  'config/boot.rb',
  'config/sidekiq.yml',
  'Rakefile',
];

/** `ruby [options] file [words]`. The standard library is kept whole but for what only developers start. */
export const rubyRunner: Runner = {
  id: 'ruby',
  programs: /^(?:ruby|jruby|truffleruby)[\d.]*$/,
  run: async (invocation, program, world) => {
    const { environment, folder } = invocation;
    const ruby = rubyOf(world);
    const options = (environment.get('RUBYOPT') ?? '').split(/\s+/).filter((word) => word !== '');
    const { script, code, features, folders, words } = parse([...options, ...invocation.argv.slice(1)]);
    for (const path of await bundlePath(folder, world)) await ruby.addGemFolder(path);
    for (const name of folders) ruby.addFolder(absolutePath(name, folder) ?? name);
    await ruby.addInterpreter(program, environment);
    const edges: Edge[] = [
      ...ruby.standardFiles().map((to): Edge => ({ to, kind: 'module', detail: 'standard library', certain: false })),
      ...ruby.gemspecs().map((to): Edge => ({ to, kind: 'config', detail: 'rubygems', certain: false })),
      ...bundleEdges(folder, environment),
      ...features.flatMap((feature) => featureEdges(feature, world, [folder])),
    ];
    const path = script === undefined ? undefined : scriptPath(script, invocation, world);
    if (path !== undefined) edges.push({ to: path, kind: 'argument', language: 'ruby' });
    if (code !== undefined) {
      for (const feature of scanRuby(code, joinPath(folder, '-e')).features)
        edges.push(...featureEdges(feature, world, [folder]));
    }
    edges.push(...startedFiles(path, words, folder, world));
    return { edges };
  },
};

interface Parsed {
  readonly script?: string;
  readonly code?: string;
  readonly features: readonly string[];
  readonly folders: readonly string[];
  readonly words: readonly string[];
}

function parse(words: readonly string[]): Parsed {
  const features: string[] = [];
  const folders: string[] = [];
  let code: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, flag, rest = ''] = /^-[acdlnpsSvwWy0-9]*([rIeCEF])(.*)$/s.exec(word) ?? [];
    if (flag !== undefined && !word.startsWith('--')) {
      const value = rest === '' && 'rIeC'.includes(flag) ? (words[++at] ?? '') : rest;
      if (flag === 'r') features.push(value);
      if (flag === 'I') folders.push(...value.split(':'));
      if (flag === 'e') code = `${code ?? ''}\n${value}`;
    } else if (!word.startsWith('-') || word === '-') {
      return code === undefined
        ? { script: word, features, folders, words: words.slice(at + 1) }
        : { code, features, folders, words: words.slice(at) };
    }
  }
  return { features, folders, words: [], ...(code === undefined ? {} : { code }) };
}

/** The file, or with `-S` a program of the search path. */
function scriptPath(script: string, { argv, folder, environment }: Invocation, { tree }: World): ImagePath | undefined {
  const path = absolutePath(script, folder);
  if (path !== undefined && tree.findFile(path) !== undefined) return path;
  return argv.includes('-S') ? findProgram(script, folder, environment, tree) : path;
}

/** What the words of a server name, and what it looks for by itself. */
function startedFiles(
  script: ImagePath | undefined,
  words: readonly string[],
  folder: ImagePath,
  world: World,
): readonly Edge[] {
  const isStarter = script !== undefined && starters.test(baseName(script));
  const values = words.map((word) => /^--?[\w-]+=(.*)$/.exec(word)?.[1] ?? /^-[rRC](.+)$/.exec(word)?.[1] ?? word);
  const named = values.filter((word) => /\.(?:rb|ru)$|^\.{0,2}\//.test(word));
  const files = [...named, ...(isStarter || script === undefined ? startFiles : [])].flatMap(
    (name) => absolutePath(name, folder) ?? [],
  );
  const known = script === undefined ? [] : startFiles.map((name) => joinPath(parentPath(parentPath(script)), name));
  const isOwn = script !== undefined && world.isApplication(script) && baseName(parentPath(script)) === 'bin';
  return [...files, ...(isOwn ? known : [])].flatMap((path): readonly Edge[] => {
    const file = rubyOf(world).fileOf(path) ?? path;
    if (world.tree.findFile(file) === undefined) return [];
    return [
      file.endsWith('.yml')
        ? { to: file, kind: 'config', certain: false }
        : { ...loadedEdge(file, 'started'), kind: 'argument' },
    ];
  });
}
