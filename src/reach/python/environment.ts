import { baseName, type ImagePath, joinPath, normalizePath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { World } from '../world.ts';

/** Parts of the standard library that no application loads (docs.python.org, "The Python Standard Library"). */
const notStandard =
  /^(?:test|tests|idlelib|turtledemo|ensurepip|lib2to3\/tests|tkinter\/test|distutils\/tests|unittest\/test|sqlite3\/test|ctypes\/test|config-[^/]*|site-packages|dist-packages|__phello__)(?:\/|$)|\.(?:a|h)$/;

/** Whether a path is of such a part, wherever its interpreter is: what comes with an interpreter is no application's. */
export function isUnusedLibrary(path: ImagePath): boolean {
  const [, inLibrary = ''] = /\/lib\/python3[\d.]*\/(.*)$/.exec(path) ?? [];
  return notStandard.test(inLibrary) && !/^(?:site|dist)-packages(?:\/|$)/.test(inLibrary);
}

/** Where a module is: its file, or the folders of a package without one. */
export interface FoundModule {
  readonly file?: ImagePath;
  /** Folders in which its submodules are looked for. */
  readonly folders: readonly ImagePath[];
}

/** The places that the interpreters of an image look for modules in (docs.python.org, "sys.path", "site"). */
export class PythonEnvironment {
  readonly #world: World;
  readonly #folders: ImagePath[] = [];
  readonly #standard: ImagePath[] = [];
  readonly #sites: ImagePath[] = [];
  readonly #found = new Map<string, FoundModule | undefined>();

  constructor(world: World) {
    this.#world = world;
  }

  get standardFolders(): readonly ImagePath[] {
    return this.#standard;
  }

  get siteFolders(): readonly ImagePath[] {
    return this.#sites;
  }

  /** Adds a folder that is looked in before all others that come later. */
  addFolder(folder: ImagePath): void {
    if (this.#folders.includes(folder)) return;
    this.#folders.push(folder);
    this.#found.clear();
  }

  /** Adds the places of an interpreter, and tells the lines of path files that are code. */
  async addInterpreter(program: ImagePath, environment: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const { tree } = this.#world;
    for (const folder of (environment.get('PYTHONPATH') ?? '').split(':'))
      if (folder.startsWith('/')) this.addFolder(folder);
    const homes = environment.get('PYTHONHOME');
    const venv = parentPath(parentPath(program));
    const real = tree.find(program)?.path ?? program;
    const prefixes = [
      ...(homes === undefined ? [] : [homes]),
      venv,
      parentPath(parentPath(real)),
      '/usr',
      '/usr/local',
    ];
    const version = versionOf([baseName(program), baseName(real)], prefixes, this.#world);
    if (version === undefined) return [];
    const name = `python${version}`;
    for (const prefix of prefixes) {
      const library = joinPath(prefix, `lib/${name}`);
      if (this.#standard.length > 0 || tree.findFile(`${library}/os.py`) === undefined) continue;
      this.#standard.push(library);
      this.addFolder(library);
      this.addFolder(`${library}/lib-dynload`);
    }
    const code: string[] = [];
    const sites = [...new Set(prefixes)].flatMap((prefix) => [
      joinPath(prefix, `lib/${name}/site-packages`),
      joinPath(prefix, `lib64/${name}/site-packages`),
      joinPath(prefix, `local/lib/${name}/dist-packages`),
      joinPath(prefix, `lib/${name}/dist-packages`),
      joinPath(prefix, 'lib/python3/dist-packages'),
    ]);
    for (const site of sites) code.push(...(await this.#addSite(site)));
    return code;
  }

  /** The files of the standard library, without what is never loaded. */
  standardFiles(): readonly ImagePath[] {
    return this.#standard.flatMap((root) =>
      filesBelow(root, this.#world, (path) => !notStandard.test(path.slice(root.length + 1))),
    );
  }

  isStandard(path: ImagePath): boolean {
    return this.#standard.some((folder) => path.startsWith(`${folder}/`) && !/\/(?:site|dist)-packages\//.test(path));
  }

  /** Where a dotted module is, looked for from the search path. */
  find(module: string): FoundModule | undefined {
    if (this.#found.has(module)) return this.#found.get(module);
    const dot = module.lastIndexOf('.');
    const folders = dot < 0 ? this.#folders : this.find(module.slice(0, dot))?.folders;
    const found = folders === undefined ? undefined : this.findIn(module.slice(dot + 1), folders);
    this.#found.set(module, found);
    return found;
  }

  /** A module or package by its last name, in the first of the folders that has it. */
  findIn(name: string, folders: readonly ImagePath[]): FoundModule | undefined {
    const { tree } = this.#world;
    const spaces: ImagePath[] = [];
    for (const folder of folders) {
      const path = joinPath(folder, name);
      const isFolder = tree.findFolder(path) !== undefined;
      for (const init of ['__init__.py', '__init__.pyc']) {
        if (isFolder && tree.findFile(`${path}/${init}`) !== undefined)
          return { file: `${path}/${init}`, folders: [path] };
      }
      const file = this.#moduleFile(folder, name);
      if (file !== undefined) return { file, folders: [] };
      if (isFolder) spaces.push(path);
    }
    return spaces.length === 0 ? undefined : { folders: spaces };
  }

  #moduleFile(folder: ImagePath, name: string): ImagePath | undefined {
    const { tree } = this.#world;
    const extension = tree
      .list(folder)
      .find(
        ({ path }) =>
          baseName(path).startsWith(`${name}.`) &&
          /^\.(?:(?:cpython-|abi3|pypy)[\w-]*\.)?so$/.test(baseName(path).slice(name.length)),
      );
    if (extension !== undefined) return extension.path;
    return [`${name}.py`, `${name}.pyc`]
      .map((one) => joinPath(folder, one))
      .find((path) => tree.findFile(path) !== undefined);
  }

  /** Reads a site folder's path files: a line is a folder, or code that begins with `import`. */
  async #addSite(site: ImagePath): Promise<readonly string[]> {
    const { tree } = this.#world;
    if (tree.findFolder(site) === undefined || this.#sites.includes(site)) return [];
    this.#sites.push(site);
    this.addFolder(site);
    const code: string[] = [];
    for (const { path } of tree.list(site)) {
      if (!path.endsWith('.pth')) continue;
      for (const line of ((await tree.readText(path)) ?? '').split('\n').map((one) => one.trim())) {
        if (/^import[ \t]/.test(line)) code.push(line);
        else if (line !== '' && !line.startsWith('#')) {
          const folder = normalizePath(line.startsWith('/') ? line : `${site}/${line}`);
          if (folder !== undefined && tree.findFolder(folder) !== undefined) this.addFolder(folder);
        }
      }
    }
    return code;
  }
}

/** `3.11`, from the interpreter's name or the libraries that are there. */
function versionOf(names: readonly string[], prefixes: readonly ImagePath[], { tree }: World): string | undefined {
  const named = names.flatMap((name) => /^python(3\.\d+)/.exec(name)?.[1] ?? []);
  if (named.length > 0) return named[0];
  for (const prefix of prefixes) {
    for (const { path } of tree.list(joinPath(prefix, 'lib'))) {
      const version = /\/python(3\.\d+)$/.exec(path)?.[1];
      if (version !== undefined && tree.findFile(`${path}/os.py`) !== undefined) return version;
    }
  }
  return undefined;
}

const environments = new WeakMap<World, PythonEnvironment>();

/** One for an image: every interpreter that is run adds its places. */
export function pythonOf(world: World): PythonEnvironment {
  const known = environments.get(world) ?? new PythonEnvironment(world);
  environments.set(world, known);
  return known;
}
