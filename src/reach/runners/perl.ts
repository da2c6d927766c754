import { baseName, type ImagePath, joinPath } from '../../core/path.ts';
import type { Edge } from '../model.ts';
import { perlOf } from '../perl/environment.ts';
import { moduleEdges, perlEdge } from '../perl/module-edges.ts';
import { scanPerl } from '../perl/scan-perl.ts';
import { findProgram } from '../programs.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Servers that run an application which their words name, or which has a usual name. */
const starters = /^(?:plackup|starman|starlet|twiggy|hypnotoad|morbo|uwsgi|gazelle|feersum)$/;

/** `perl [options] file [words]`. The library that comes with Perl is kept whole but for what only developers use. */
export const perlRunner: Runner = {
  id: 'perl',
  programs: /^perl(?:5[\d.]*)?$/,
  run: ({ argv, environment, folder }, _program, world) => {
    const perl = perlOf(world);
    const given = [...(environment.get('PERL5OPT') ?? '').split(/\s+/).filter((word) => word !== ''), ...argv.slice(1)];
    const { script, code, modules, folders, words, isSearched } = parse(given);
    for (const name of [...folders, ...(words.includes('-I') ? ['lib'] : [])])
      perl.addFolder(absolutePath(name, folder) ?? name);
    perl.addInterpreter(environment);
    const found = script === undefined ? undefined : scriptPath(script, isSearched, folder, environment, world);
    const near = [folder, joinPath(folder, 'lib')];
    const inline = code === undefined ? [] : scanPerl(code, joinPath(folder, '-e')).modules;
    return {
      edges: [
        ...perl.standardFiles().map((to): Edge => ({ to, kind: 'module', detail: 'standard library', certain: false })),
        ...perl.all('sitecustomize.pl').map((to) => perlEdge(to, 'sitecustomize')),
        { to: '/etc/perl', kind: 'config', certain: false, whole: true },
        ...[...modules, ...inline].flatMap((name) => moduleEdges(name, world, near)),
        ...(found === undefined ? [] : [{ ...perlEdge(found, 'script'), kind: 'argument' as const }]),
        ...(found === undefined ? [] : startedEdges(found, words, folder, world)),
      ],
    };
  },
};

function scriptPath(
  script: string,
  isSearched: boolean,
  folder: ImagePath,
  environment: ReadonlyMap<string, string>,
  { tree }: World,
): ImagePath | undefined {
  return (isSearched ? findProgram(script, folder, environment, tree) : undefined) ?? absolutePath(script, folder);
}

/** The application that a server is given, and the modules that its options name. */
function startedEdges(script: ImagePath, words: readonly string[], folder: ImagePath, world: World): readonly Edge[] {
  if (!starters.test(baseName(script))) return [];
  const values = words.flatMap((word) => /^-(?:-[\w-]+=|M|s)(.+)$/.exec(word)?.[1] ?? word);
  const files = [...values, 'app.psgi'].flatMap((word) => absolutePath(word, folder) ?? []);
  const modules = values
    .filter((word) => /^\w+(?:::\w+)*$/.test(word))
    .flatMap((word) => [word, `Plack::Handler::${word}`]);
  return [
    ...files.filter((path) => world.tree.findFile(path) !== undefined).map((path) => perlEdge(path, 'started')),
    ...modules.flatMap((name) => moduleEdges(name, world, [joinPath(folder, 'lib')])),
  ];
}

interface Parsed {
  readonly script?: string;
  readonly code?: string;
  readonly modules: readonly string[];
  readonly folders: readonly string[];
  readonly words: readonly string[];
  readonly isSearched: boolean;
}

function parse(given: readonly string[]): Parsed {
  // The kernel hands over the options of a script's first line as one word.
  const words = given.flatMap((word) => (/^-\w+ -/.test(word) ? word.split(/\s+/) : [word]));
  const modules: string[] = [];
  const folders: string[] = [];
  let code: string | undefined;
  let isSearched = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      return code === undefined
        ? { script: word, modules, folders, words: words.slice(at + 1), isSearched }
        : { code, modules, folders, words: words.slice(at), isSearched };
    }
    const [, flag, rest = ''] = /^-[acnpstTuUvwWxX0l]*([MmIeES])(.*)$/s.exec(word) ?? [];
    if (flag === undefined) continue;
    if (flag === 'S') {
      isSearched = true;
      continue;
    }
    const value = rest === '' ? (words[++at] ?? '') : rest;
    if (flag === 'I') folders.push(value);
    else if (flag === 'M' || flag === 'm') modules.push(value.replace(/^-/, '').split(/[\s=]/)[0] ?? '');
    else code = `${code ?? ''}\n${value}`;
  }
  return { modules, folders, words: [], isSearched, ...(code === undefined ? {} : { code }) };
}
