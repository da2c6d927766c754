import { baseName, type ImagePath, joinPath, normalizePath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import { machineFolders } from '../machine-folders.ts';
import type { World } from '../world.ts';
import { type Gem, readGem } from './gem.ts';

/** Parts of the standard library that only developers start; what requires them reaches them nevertheless. */
const forDevelopers = /^(?:irb|rdoc|debug|bundler\/(?:templates|man)|[\w-]+\/rbconfig\/sizeof)(?:\/|\.rb$)|\.(?:h|a)$/;

const withInterpreter = /\/(?:site|vendor)_ruby\/rubygems(?:\.rb$|\/)|\/gems\/bundler-[\d.]+\/lib\//;

/** The places in which the interpreters of an image look for features (ruby-doc.org, "Kernel#require", "Gem.path"). */
export class RubyEnvironment {
  readonly #world: World;
  readonly #folders: ImagePath[] = [];
  readonly #standard: ImagePath[] = [];
  readonly #homes: ImagePath[] = [];
  readonly #gems: Gem[] = [];
  readonly #found = new Map<string, readonly ImagePath[]>();

  constructor(world: World) {
    this.#world = world;
  }

  get gems(): readonly Gem[] {
    return this.#gems;
  }

  /** Folders of the load path that hold the files of many packages. */
  get loadFolders(): readonly ImagePath[] {
    return this.#folders;
  }

  addFolder(folder: ImagePath): void {
    if (this.#folders.includes(folder) || this.#world.tree.findFolder(folder) === undefined) return;
    this.#folders.push(folder);
    this.#found.clear();
  }

  /** Adds the load path and the gem folders of an interpreter. */
  async addInterpreter(program: ImagePath, environment: ReadonlyMap<string, string>): Promise<void> {
    const { tree } = this.#world;
    for (const folder of (environment.get('RUBYLIB') ?? '').split(':'))
      if (folder.startsWith('/')) this.addFolder(folder);
    const real = tree.find(program)?.path ?? program;
    const prefixes = [...new Set([parentPath(parentPath(real)), '/usr', '/usr/local'])];
    const machines = machineFolders(tree);
    const roots = [...prefixes.map((prefix) => joinPath(prefix, 'lib/ruby')), ...machines.map((one) => `${one}/ruby`)];
    for (const root of roots) {
      for (const kind of ['site_ruby', 'vendor_ruby'])
        for (const one of this.#versions(joinPath(root, kind))) this.addFolder(one);
      this.addFolder(joinPath(root, 'site_ruby'));
      this.addFolder(joinPath(root, 'vendor_ruby'));
    }
    for (const root of roots) {
      for (const one of this.#versions(root)) {
        this.addFolder(one);
        if (!this.#standard.includes(one)) this.#standard.push(one);
      }
    }
    const homes = [
      ...['GEM_HOME', 'GEM_PATH', 'BUNDLE_PATH'].flatMap((name) => environment.get(name)?.split(':') ?? []),
      ...roots.map((root) => joinPath(root, 'gems')),
      '/usr/share/rubygems-integration',
      ...machines.map((one) => `${one}/rubygems-integration`),
      '/var/lib/gems',
      '/usr/local/bundle',
      joinPath(environment.get('HOME') ?? '/root', '.local/share/gem/ruby'),
      joinPath(environment.get('HOME') ?? '/root', '.gem/ruby'),
    ];
    for (const home of homes) await this.addGemFolder(home);
  }

  /** A folder of gems, or one that holds such a folder for each version of Ruby. */
  async addGemFolder(path: ImagePath): Promise<void> {
    const { tree } = this.#world;
    const below = [path, joinPath(path, 'ruby')].flatMap((one) => [one, ...tree.list(one).map((entry) => entry.path)]);
    for (const home of below) {
      const isHome = ['specifications', 'bundler/gems'].some(
        (name) => tree.findFolder(joinPath(home, name)) !== undefined,
      );
      if (!isHome || this.#homes.includes(home)) continue;
      this.#homes.push(home);
      for (const file of this.#specifications(home)) {
        const gem = await readGem(file, home, tree);
        if (gem !== undefined) this.#gems.push(gem);
      }
    }
    this.#found.clear();
  }

  /** Every gemspec that rubygems reads as soon as it is asked for something that no load path has. */
  gemspecs(): readonly ImagePath[] {
    return this.#gems.map(({ specification }) => specification);
  }

  /** The standard library and rubygems, without what only developers start. */
  standardFiles(): readonly ImagePath[] {
    const { tree } = this.#world;
    const own = this.#folders.flatMap((folder) =>
      ['rubygems.rb', 'rubygems'].flatMap((name) => {
        const path = joinPath(folder, name);
        return tree.findFolder(path) === undefined
          ? tree.findFile(path) === undefined
            ? []
            : [path]
          : filesBelow(path, this.#world);
      }),
    );
    const standard = this.#standard.flatMap((root) =>
      filesBelow(root, this.#world, (path) => !forDevelopers.test(path.slice(root.length + 1))),
    );
    return [...own, ...standard];
  }

  /** Whether the file came with the interpreter, rubygems and bundler included. */
  isStandard(path: ImagePath): boolean {
    return withInterpreter.test(path) || this.#standard.some((folder) => path.startsWith(`${folder}/`));
  }

  /** The files that a feature may mean: the first of the load path, and that of every gem that has one. */
  find(feature: string): readonly ImagePath[] {
    const known = this.#found.get(feature);
    if (known !== undefined) return known;
    const [first] = this.#folders.flatMap((folder) => this.fileOf(joinPath(folder, feature)) ?? []);
    const inGems = this.#gems.flatMap(({ folders }) =>
      folders.flatMap((folder) => this.fileOf(joinPath(folder, feature)) ?? []),
    );
    const found = [...new Set([...(first === undefined ? [] : [first]), ...inGems])];
    this.#found.set(feature, found);
    return found;
  }

  /** What a path without its ending means. */
  fileOf(path: ImagePath): ImagePath | undefined {
    const { tree } = this.#world;
    const names = /\.(?:rb|so)$/.test(path) ? [path] : [`${path}.rb`, `${path}.so`];
    return names.find((name) => tree.findFile(name) !== undefined);
  }

  /** Features that begin so, anywhere on the load path. */
  beginningWith(prefix: string): readonly ImagePath[] {
    const folders = prefix.startsWith('/') ? [''] : [...this.#folders, ...this.#gems.flatMap((gem) => gem.folders)];
    return folders.flatMap((folder) => {
      const path = normalizePath(`${folder}/${prefix}x`);
      if (path === undefined) return [];
      const start = baseName(path).slice(0, -1);
      return this.#world.tree
        .list(parentPath(path))
        .filter((entry) => baseName(entry.path).startsWith(start) && /\.(?:rb|so)$/.test(entry.path))
        .map((entry) => entry.path);
    });
  }

  #versions(root: ImagePath): readonly ImagePath[] {
    const { tree } = this.#world;
    const versions = tree.list(root).filter(({ path }) => /\/\d+\.\d+(?:\.\d+)?$/.test(path));
    return versions.flatMap(({ path }) => {
      const machine = tree
        .list(path)
        .filter((entry) => /-linux/.test(baseName(entry.path)) && entry.type === 'directory');
      return [path, ...machine.map((entry) => entry.path)];
    });
  }

  #specifications(home: ImagePath): readonly ImagePath[] {
    const { tree } = this.#world;
    const folders = [
      ...['specifications', 'specifications/default'].map((name) => joinPath(home, name)),
      ...tree.list(joinPath(home, 'bundler/gems')).map(({ path }) => path),
    ];
    return folders.flatMap((folder) =>
      tree.list(folder).flatMap(({ path }) => (path.endsWith('.gemspec') ? [path] : [])),
    );
  }
}

const environments = new WeakMap<World, RubyEnvironment>();

/** One for an image: every interpreter that is run adds its places. */
export function rubyOf(world: World): RubyEnvironment {
  const known = environments.get(world) ?? new RubyEnvironment(world);
  environments.set(world, known);
  return known;
}
