import { baseName, type ImagePath, joinPath, normalizePath, parentPath } from '../../core/path.ts';
import { filesBelow } from '../files-below.ts';
import type { Edge, Invocation, Needs, UndecidedNeed } from '../model.ts';
import { autoloadFor, type ComposerAutoload, classFile, packageFolder } from '../php/composer.ts';
import { phpEdge } from '../php/php-edges.ts';
import { type PhpScan, scanPhp } from '../php/scan-php.ts';
import type { Analyser, World } from '../world.ts';

/** Where the interpreter looks for files that are named without a folder, besides the script's own. */
const includePath = ['/usr/share/php', '/usr/local/lib/php', '/usr/share/pear'];
const isCode = /\.(?:php\d?|inc|phtml)$/;
const notLoaded = /\/(?:tests?|Tests?|node_modules|vendor|storage|cache|\.\w+)$/;

/** Files of PHP: what they include, and the classes that they name where an autoloader finds them. */
export const php: Analyser = {
  id: 'php',
  version: 1,
  takes: ({ languages }) => languages.has('php'),
  analyse: async (file, world) => {
    const { path } = file;
    const scan = scanPhp(Buffer.from(await file.bytes()).toString('utf8'), path);
    const autoload = await autoloadFor(path, world);
    const computed = computedNeeds(scan, path, autoload, world);
    return {
      edges: [
        ...scan.includes.flatMap((name) => includeEdges(name, path, world)),
        ...scan.prefixes.flatMap((prefix) => beginningWith(prefix, world)),
        ...scan.paths.flatMap((to) => pathEdges(to, path, world)),
        ...(autoload === undefined ? [] : classEdges(scan, path, autoload, world)),
        ...unitData(path, world),
        ...(computed.edges ?? []),
      ],
      undecided: computed.undecided ?? [],
      ...commandNeeds(scan, path, world),
    };
  },
};

function includeEdges(name: string, from: ImagePath, { tree }: World): readonly Edge[] {
  const paths = name.startsWith('/') ? [name] : [parentPath(from), ...includePath].map((folder) => `${folder}/${name}`);
  return paths
    .flatMap((path) => normalizePath(path) ?? [])
    .filter((path) => tree.findFile(path) !== undefined)
    .slice(0, 1)
    .map((to) => phpEdge(to, name));
}

function beginningWith(prefix: string, world: World): readonly Edge[] {
  const path = normalizePath(`${prefix}x`);
  if (path === undefined) return [];
  const start = baseName(path).slice(0, -1);
  const folder = parentPath(path);
  return filesBelow(folder, world, (one) => start === '' || one.slice(folder.length + 1).startsWith(start))
    .filter((one) => isCode.test(one))
    .map((to) => phpEdge(to, `${prefix}…`));
}

/** A file beside the code. A folder is only looked for by name: what is taken from it is not known to be code. */
function pathEdges(to: ImagePath, from: ImagePath, { tree }: World): readonly Edge[] {
  const entry = tree.find(to);
  if (entry === undefined || from.startsWith(`${entry.path}/`) || entry.path === from) return [];
  const edge: Edge = { to, kind: 'path', detail: to, certain: false };
  return [entry.type !== 'directory' && isCode.test(entry.path) ? { ...edge, language: 'php' } : edge];
}

/** Classes by name; of `vendor/autoload.php` itself what it loads at once, and the application's own files. */
function classEdges(scan: PhpScan, path: ImagePath, autoload: ComposerAutoload, world: World): readonly Edge[] {
  const used = scan.classes.flatMap((name) => {
    const file = classFile(name, autoload, world);
    return file === undefined ? [] : [phpEdge(file, name)];
  });
  if (path !== joinPath(autoload.folder, 'autoload.php')) return used;
  const own = filesBelow(parentPath(autoload.folder), world, (one) => !notLoaded.test(one)).filter((one) =>
    one.endsWith('.php'),
  );
  return [
    ...world.tree
      .list(joinPath(autoload.folder, 'composer'))
      .filter(({ type }) => type !== 'directory')
      .map(({ path: to }) => (to.endsWith('.php') ? phpEdge(to, 'composer') : plain(to))),
    ...autoload.files.map((to) => phpEdge(to, 'autoload')),
    ...own
      .filter((one) => world.isApplication(one))
      .map((to): Edge => ({ ...phpEdge(to, 'autoload'), kind: 'module' })),
  ];
}

function plain(to: ImagePath): Edge {
  return { to, kind: 'package', certain: false };
}

/** What is computed: files that texts name, or else the whole package, and that it cannot be told. */
function computedNeeds(scan: PhpScan, path: ImagePath, autoload: ComposerAutoload | undefined, world: World): Needs {
  // Composer's own loader includes what it was asked for by name of class.
  if (path.startsWith(`${autoload?.folder}/composer/`) || path === `${autoload?.folder}/autoload.php`) return {};
  const undecided: UndecidedNeed[] = [];
  if (scan.makesObjects && autoload !== undefined)
    undecided.push({ problem: 'module', detail: 'a class whose name is computed', language: 'php' });
  if (scan.computed.length === 0) return { undecided };
  const folder = parentPath(path);
  const named = scan.files.flatMap((name) => {
    const file = normalizePath(`${folder}/${name}`);
    return file !== undefined && world.tree.findFile(file) !== undefined ? [phpEdge(file, name)] : [];
  });
  // An autoloader with a list of its files, as Debian's packages have them, loads nothing else.
  if (baseName(path) === 'autoload.php' && named.length > 0) return { undecided, edges: named };
  const root = unitFolder(path) ?? (world.isApplication(path) ? folder : undefined);
  const whole =
    root === undefined ? [] : filesBelow(root, world, (one) => !notLoaded.test(one)).filter((one) => isCode.test(one));
  return {
    undecided: [
      ...undecided,
      ...scan.computed.map((detail): UndecidedNeed => ({ problem: 'module', detail, language: 'php' })),
    ],
    edges: [...named, ...whole.map((to): Edge => ({ ...phpEdge(to, 'computed'), kind: 'package' }))],
  };
}

/** A Composer package, or what a distribution's package has below the include path. */
function unitFolder(path: ImagePath): ImagePath | undefined {
  const composer = packageFolder(path);
  if (composer !== undefined) return composer;
  const folder = includePath.find((one) => path.startsWith(`${one}/`));
  const [top = '', ...rest] = folder === undefined ? [] : path.slice(folder.length + 1).split('/');
  return folder === undefined || rest.length === 0 ? undefined : joinPath(folder, top);
}

/** Templates, schemas and translations, which a package looks for by name. */
function unitData(path: ImagePath, world: World): readonly Edge[] {
  const root = unitFolder(path);
  // Once a package: its main files are at its top.
  if (root === undefined || (parentPath(path) !== root && parentPath(parentPath(path)) !== root)) return [];
  return filesBelow(root, world, (one) => !notLoaded.test(one))
    .filter((one) => !isCode.test(one))
    .map((to) => ({ ...plain(to), detail: root }));
}

function commandNeeds({ commands }: PhpScan, path: ImagePath, world: World): Needs {
  if (!world.isApplication(path)) return { notKept: commands.flatMap((line) => line.trim().split(/\s/)[0] ?? []) };
  const runs = commands.map(
    (line): Invocation => ({
      argv: ['/bin/sh', '-c', line],
      environment: world.environment,
      folder: '/',
      kind: 'command',
      from: path,
      certain: false,
    }),
  );
  return { runs };
}
