import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { Edge, Invocation } from '../model.ts';
import { pythonOf } from '../python/environment.ts';
import { fileEdges, longestModule, moduleEdges } from '../python/module-edges.ts';
import { scanPython } from '../python/scan-python.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Variables whose value is the name of a module. */
const moduleVariables = [
  'DJANGO_SETTINGS_MODULE',
  'FLASK_APP',
  'CELERY_APP',
  'APP_MODULE',
  'GUNICORN_CMD_ARGS',
  'PYTHONBREAKPOINT',
];

/** `python [options] file|-m module|-c code [words]`. The standard library is kept whole but for what nothing loads. */
export const pythonRunner: Runner = {
  id: 'python',
  programs: /^(?:python(?:\d(?:\.\d+)?)?|pypy3?)$/,
  run: async (invocation, program, world) => {
    const { environment, folder } = invocation;
    const python = pythonOf(world);
    const { kind, what, words } = parse(invocation.argv.slice(1));
    const script = kind === 'file' ? absolutePath(what, folder) : undefined;
    const first = script === undefined ? folder : scriptFolder(script, world);
    python.addFolder(first);
    const startLines = await python.addInterpreter(program, environment);
    const edges: Edge[] = [
      ...venvEdges(program),
      ...python.standardFiles().map((to): Edge => ({ to, kind: 'module', detail: 'standard library', certain: false })),
      ...pathFiles(world),
    ];
    for (const name of ['sitecustomize', 'usercustomize']) edges.push(...(await moduleEdges(name, world, false)));
    for (const { module } of startLines.flatMap((line) => scanPython(line).imports)) {
      edges.push(...(await moduleEdges(module, world, false)));
    }
    for (const name of startLines.flatMap(namespaceOf)) edges.push(...namespaceFolders(name, world));
    if (script !== undefined) edges.push(...scriptEdges(script, world));
    if (kind === 'module')
      edges.push(...(await moduleEdges(what, world)), ...(await moduleEdges(`${what}.__main__`, world)));
    if (kind === 'code') {
      for (const { module } of scanPython(what).imports) edges.push(...(await moduleEdges(module, world)));
    }
    edges.push(...(await namedModules(words, invocation, world)));
    return { edges };
  },
};

/** The namespace package that a line of setuptools' `…-nspkg.pth` makes without loading it: its folder must be there. */
function namespaceOf(line: string): readonly string[] {
  const [, words] = /os\.path\.join\(.*?, \*\(([^()]*)\)\)/.exec(line) ?? [];
  return words === undefined ? [] : [[...words.matchAll(/'(\w+)'/g)].map(([, word]) => word).join('/')];
}

function namespaceFolders(name: string, world: World): readonly Edge[] {
  return pythonOf(world).siteFolders.map((site) => ({
    to: joinPath(site, name),
    kind: 'folder',
    detail: name,
    certain: false,
  }));
}

interface Parsed {
  readonly kind: 'file' | 'module' | 'code' | 'none';
  readonly what: string;
  readonly words: readonly string[];
}

function parse(words: readonly string[]): Parsed {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') return { kind: 'file', what: word, words: words.slice(at + 1) };
    const [, flag, rest = ''] = /^-[bBdEhiIOPqsSuvVx]*([mcWX])(.*)$/s.exec(word) ?? [];
    if (flag === undefined) continue;
    const value = rest === '' ? (words[++at] ?? '') : rest;
    if (flag === 'm') return { kind: 'module', what: value, words: words.slice(at + 1) };
    if (flag === 'c') return { kind: 'code', what: value, words: words.slice(at + 1) };
  }
  return { kind: 'none', what: '', words: [] };
}

/** `sys.path[0]`: the folder of the script as it really is, or the folder that is run. */
function scriptFolder(script: ImagePath, { tree }: World): ImagePath {
  const entry = tree.find(script);
  return entry?.type === 'directory' ? entry.path : parentPath(entry?.path ?? script);
}

function scriptEdges(script: ImagePath, world: World): readonly Edge[] {
  const main = world.tree.findFolder(script) === undefined ? script : joinPath(script, '__main__.py');
  if (!main.endsWith('.py')) return [{ to: main, kind: 'argument', language: 'python' }];
  return fileEdges(main, main, world).map((edge) => ({ ...edge, kind: 'argument' }));
}

/** `pyvenv.cfg` beside the program or above it makes a virtual environment (PEP 405). */
function venvEdges(program: ImagePath): readonly Edge[] {
  const folders = [parentPath(program), parentPath(parentPath(program))];
  return folders.map((folder) => ({ to: joinPath(folder, 'pyvenv.cfg'), kind: 'config', certain: false }));
}

function pathFiles(world: World): readonly Edge[] {
  return pythonOf(world).siteFolders.flatMap((site) =>
    world.tree
      .list(site)
      .flatMap(({ path }): readonly Edge[] =>
        path.endsWith('.pth') ? [{ to: path, kind: 'config', certain: false }] : [],
      ),
  );
}

/**
 * Words and variables that name modules, from the working folder: `gunicorn package.module:app`, `-k package.Worker`,
 * `flask --app name`, `-c python:package.settings`. What a variable of any other name says must have a dot.
 */
async function namedModules(
  words: readonly string[],
  { environment, folder }: Invocation,
  world: World,
): Promise<readonly Edge[]> {
  const python = pythonOf(world);
  const own = [...words, ...moduleVariables.flatMap((name) => environment.get(name)?.split(/\s+/) ?? [])];
  const names = own.map(moduleName);
  // Flask looks for these when it is told nothing.
  if (names.includes('flask') || words.includes('run')) names.push('app', 'wsgi');
  names.push(...[...environment.values()].map(moduleName).filter((name) => name.includes('.')));
  const edges: Edge[] = own.flatMap((word) => configurationEdges(word, folder, world));
  for (const name of new Set(names)) {
    if (name.length > 200 || !/^[A-Za-z_]\w*(?:\.\w+)*$/.test(name)) continue;
    python.addFolder(folder);
    const module = longestModule(name, world);
    const found = module === undefined ? undefined : python.find(module);
    const place = found?.file ?? found?.folders[0];
    if (module === undefined || place === undefined || python.isStandard(place)) continue;
    edges.push(...(await moduleEdges(module, world, false)));
  }
  return edges;
}

/** `--option=package.module:name` without option and name; a file's name as a module. */
function moduleName(word: string): string {
  const value = /^--?[\w-]+=(.*)$/s.exec(word)?.[1] ?? word;
  const named = value.replace(/^python:/, '').split(':')[0] ?? '';
  return named.replace(/\.py$/, '').replaceAll('/', '.');
}

/** Settings that are a Python file, such as gunicorn's `-c /etc/app/gunicorn.py`, are run. */
function configurationEdges(word: string, folder: ImagePath, world: World): readonly Edge[] {
  const value = /^--?[\w-]+=(.*)$/s.exec(word)?.[1] ?? word;
  const path = value.endsWith('.py') ? absolutePath(value.replace(/^file:/, ''), folder) : undefined;
  const isFile = path !== undefined && world.tree.findFile(path) !== undefined;
  return isFile ? fileEdges(path, value, world, false).map((edge) => ({ ...edge, kind: 'argument' })) : [];
}
