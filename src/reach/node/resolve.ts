import { isBuiltin } from 'node:module';
import { asObject, asString, isObject, type JsonObject, type JsonValue, parseJson } from '../../core/json.ts';
import { type ImagePath, joinPath, normalizePath, parentPath, rootPath } from '../../core/path.ts';
import type { World } from '../world.ts';

/** Which file a specifier means, and the packages' manifests that said so. */
export interface Resolved {
  readonly path: ImagePath;
  readonly manifests: readonly ImagePath[];
}

/** Conditions of `exports` and `imports` that hold in Node. */
const conditions = {
  import: new Set(['node', 'import', 'module-sync', 'node-addons', 'default']),
  require: new Set(['node', 'require', 'module-sync', 'node-addons', 'default']),
} as const;
const extensions = ['', '.js', '.json', '.node', '.mjs', '.cjs', '.ts'];
/** Where Debian and others put modules for everybody; Node of Debian looks in the first three. */
const sharedFolders = [
  '/usr/share/nodejs',
  '/usr/lib/nodejs',
  '/usr/lib/x86_64-linux-gnu/nodejs',
  '/usr/lib/aarch64-linux-gnu/nodejs',
];

/**
 * Finds modules as Node does, over the image's filesystem (Node.js documentation, "Modules: CommonJS modules", all
 * together, and "Modules: ECMAScript modules", resolution algorithm). Names that lead nowhere give undefined.
 */
export class NodeResolver {
  readonly #world: World;
  readonly #manifests = new Map<ImagePath, Promise<JsonObject | undefined>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** `from` is a real path. Node's own modules are none of the image's files: `builtin`. */
  async resolve(
    specifier: string,
    from: ImagePath,
    mode: 'import' | 'require',
  ): Promise<Resolved | 'builtin' | undefined> {
    if (isBuiltin(specifier)) return 'builtin';
    const folder = parentPath(from);
    if (specifier.startsWith('file:///')) return this.asFile(specifier.slice(7));
    if (/^(?:\/|\.{1,2}(?:\/|$))/.test(specifier)) {
      const path = normalizePath(
        specifier.startsWith('/') ? specifier : `${folder}/${specifier.replace(/[?#].*$/, '')}`,
      );
      return path === undefined ? undefined : this.asFileOrFolder(path);
    }
    if (specifier.startsWith('#')) return this.#fromImports(specifier, folder, mode);
    if (/^[a-z]+:/i.test(specifier)) return undefined;
    return this.#fromPackages(specifier, folder, mode);
  }

  /** A module by path, as `require` and `node` take it. */
  async asFileOrFolder(path: ImagePath): Promise<Resolved | undefined> {
    return this.asFile(path) ?? this.#asFolder(path);
  }

  asFile(path: ImagePath): Resolved | undefined {
    for (const extension of extensions) {
      if (this.#world.tree.findFile(path + extension) !== undefined) return { path: path + extension, manifests: [] };
    }
    // What was compiled from TypeScript is asked for by the name that it was given in the source.
    return undefined;
  }

  /** Where a package is that a file would ask for by name. */
  packageFolder(name: string, from: ImagePath): ImagePath | undefined {
    for (const base of this.#bases(parentPath(from))) {
      const folder = this.#world.tree.findFolder(joinPath(base, name));
      if (folder !== undefined) return folder.path;
    }
    return undefined;
  }

  /** The nearest package.json above a file, and what it says. */
  async scope(folder: ImagePath): Promise<{ readonly path: ImagePath; readonly manifest: JsonObject } | undefined> {
    for (let at = folder; ; at = parentPath(at)) {
      const path = joinPath(at, 'package.json');
      const manifest = at.endsWith('/node_modules') ? undefined : await this.manifest(path);
      if (manifest !== undefined) return { path, manifest };
      if (at === rootPath || at.endsWith('/node_modules')) return undefined;
    }
  }

  manifest(path: ImagePath): Promise<JsonObject | undefined> {
    const known = this.#manifests.get(path) ?? this.#read(path);
    this.#manifests.set(path, known);
    return known;
  }

  async #read(path: ImagePath): Promise<JsonObject | undefined> {
    const text = await this.#world.tree.readText(path);
    if (text === undefined) return undefined;
    try {
      return asObject(parseJson(text, path));
    } catch {
      return undefined;
    }
  }

  async #asFolder(path: ImagePath): Promise<Resolved | undefined> {
    if (this.#world.tree.findFolder(path) === undefined) return undefined;
    const manifestPath = joinPath(path, 'package.json');
    const manifest = await this.manifest(manifestPath);
    const main = asString(manifest?.['main']);
    const target = main === undefined || main === '' ? undefined : normalizePath(`${path}/${main}`);
    const found =
      (target === undefined ? undefined : (this.asFile(target) ?? this.asFile(`${target}/index`))) ??
      this.asFile(`${path === rootPath ? '' : path}/index`);
    return found && { ...found, manifests: manifest === undefined ? [] : [manifestPath] };
  }

  async #fromImports(
    specifier: string,
    folder: ImagePath,
    mode: 'import' | 'require',
  ): Promise<Resolved | 'builtin' | undefined> {
    const scope = await this.scope(folder);
    const imports = asObject(scope?.manifest['imports']);
    if (scope === undefined || imports === undefined) return undefined;
    const target = matchKey(imports, specifier, mode);
    if (target === undefined) return undefined;
    if (!target.startsWith('./')) return this.resolve(target, scope.path, mode);
    const path = normalizePath(`${parentPath(scope.path)}/${target}`);
    const found = path === undefined ? undefined : this.asFile(path);
    return found && { ...found, manifests: [scope.path] };
  }

  async #fromPackages(specifier: string, folder: ImagePath, mode: 'import' | 'require'): Promise<Resolved | undefined> {
    const [, name, rest = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
    if (name === undefined) return undefined;
    const own = await this.scope(folder);
    if (own !== undefined && asString(own.manifest['name']) === name && own.manifest['exports'] !== undefined) {
      const found = this.#fromExports(parentPath(own.path), own.manifest, rest, mode);
      if (found !== undefined) return found;
    }
    for (const base of this.#bases(folder)) {
      const root = joinPath(base, name);
      const found =
        this.#world.tree.findFolder(root) === undefined
          ? this.asFile(joinPath(base, specifier))
          : await this.#inPackage(root, rest, mode);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Folders that are looked in for packages, nearest first. */
  *#bases(folder: ImagePath): Generator<ImagePath> {
    for (let at = folder; ; at = parentPath(at)) {
      if (!at.endsWith('/node_modules')) yield joinPath(at, 'node_modules');
      if (at === rootPath) break;
    }
    const { environment } = this.#world;
    yield* (environment.get('NODE_PATH') ?? '').split(':').filter((path) => path.startsWith('/'));
    yield* sharedFolders;
    const home = environment.get('HOME') ?? '/root';
    yield* [`${home}/.node_modules`, `${home}/.node_libraries`, '/usr/local/lib/node'];
  }

  async #inPackage(root: ImagePath, rest: string, mode: 'import' | 'require'): Promise<Resolved | undefined> {
    const manifestPath = joinPath(root, 'package.json');
    const manifest = await this.manifest(manifestPath);
    const manifests = manifest === undefined ? [] : [manifestPath];
    if (manifest?.['exports'] !== undefined && manifest['exports'] !== null) {
      return this.#fromExports(root, manifest, rest, mode);
    }
    const path = normalizePath(`${root}${rest}`);
    const found = path === undefined ? undefined : await this.asFileOrFolder(path);
    return found && { path: found.path, manifests: [...manifests, ...found.manifests] };
  }

  #fromExports(root: ImagePath, manifest: JsonObject, rest: string, mode: 'import' | 'require'): Resolved | undefined {
    const { exports } = manifest;
    const map =
      isObject(exports) && Object.keys(exports).every((key) => key.startsWith('.')) ? exports : { '.': exports };
    const target = matchKey(map, `.${rest}`, mode);
    const path = target === undefined ? undefined : normalizePath(`${root}/${target}`);
    if (path === undefined || this.#world.tree.findFile(path) === undefined) return undefined;
    return { path, manifests: [joinPath(root, 'package.json')] };
  }
}

/** The target of a key of `exports` or `imports`: exactly, else by the longest pattern that fits. */
function matchKey(map: JsonObject, key: string, mode: 'import' | 'require'): string | undefined {
  if (map[key] !== undefined && !key.includes('*')) return targetOf(map[key], '', mode);
  const patterns = Object.keys(map).filter((pattern) => pattern.includes('*') || pattern.endsWith('/'));
  const sorted = patterns.sort((a, b) => b.indexOf('*') - a.indexOf('*') || b.length - a.length);
  for (const pattern of sorted) {
    const [before = '', after = ''] = pattern.includes('*') ? pattern.split('*') : [pattern, ''];
    if (!key.startsWith(before) || !key.endsWith(after) || key.length < before.length + after.length) continue;
    const middle = key.slice(before.length, key.length - after.length);
    const target = targetOf(map[pattern], middle, mode);
    if (target !== undefined) return pattern.includes('*') ? target : `${target}${middle}`;
  }
  return undefined;
}

function targetOf(value: JsonValue | undefined, middle: string, mode: 'import' | 'require'): string | undefined {
  if (typeof value === 'string') return value.replaceAll('*', middle);
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      const target = targetOf(item, middle, mode);
      if (target !== undefined) return target;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [condition, target] of Object.entries(value)) {
    if (!conditions[mode].has(condition)) continue;
    const found = targetOf(target, middle, mode);
    if (found !== undefined) return found;
  }
  return undefined;
}
