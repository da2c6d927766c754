import type { ImagePath } from '../core/path.ts';
import type { OwnedFile, Package } from '../inventory/model.ts';
import { isCodeName } from './code-name.ts';
import { isDocumentation } from './documentation.ts';
import { wordsOf } from './mentions.ts';
import type { Language, ReachGraph, ReachNode, Undecided } from './model.ts';
import { chainTo } from './why.ts';

/** Whether anything that the entrypoint reaches is code of a package. */
export interface PackageReach {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** English; reports carry it as it is. */
  readonly reason: string;
  /** Paths from the entrypoint to the package's file. */
  readonly chain?: readonly ImagePath[];
}

const phpName = /\.(?:php\d?|inc|phtml)$|\/php\d*\/.*\.so$/;
const rubyName = /\.rb$|\/(?:ruby|gems|extensions|site_ruby|vendor_ruby)\/.*\.so$/;
/** Names of files that each language may load. */
const languageName: Readonly<Record<Language, RegExp>> = {
  node: /\.(?:[cm]?js|json|node|wasm)$/,
  'node-package': /\.(?:[cm]?js|json|node|wasm)$/,
  'python-package': /\.(?:py|so|pyc)$/,
  python: /\.(?:py|so|pyc)$/,
  ruby: rubyName,
  'ruby-package': rubyName,
  'ruby-parts': rubyName,
  'ruby-part': rubyName,
  'ruby-data': rubyName,
  php: phpName,
  'php-ini': phpName,
  java: /\.(?:jar|class|so)$/,
  dotnet: /\.(?:dll|exe|so)$/i,
  perl: /\.(?:pl|pm|al|psgi|cgi)$|\/perl[^/]*\/.*\.so$/,
  shell: /^\/(?:usr\/(?:local\/)?)?s?bin\//,
  apache: /\.(?:conf|so)$/,
  nginx: /\.(?:conf|so)$/,
};

/** The answer for every package that the graph can be asked about, by package id (CONTRACT.md, "Reach and slim"). */
export function packageAnswers(
  graph: ReachGraph,
  packages: readonly Package[],
  files: ReadonlyMap<string, readonly OwnedFile[]>,
): ReadonlyMap<string, PackageReach> {
  // Nodes stand in the order of their distance from the entrypoint: the nearest file of a package speaks for it.
  const order = new Map([...graph.nodes.keys()].map((path, index) => [path, index]));
  return new Map(packages.map((one) => [one.id, answerFor(files.get(one.id), graph, order)]));
}

function answerFor(
  files: readonly OwnedFile[] | undefined,
  graph: ReachGraph,
  order: ReadonlyMap<ImagePath, number>,
): PackageReach {
  if (files === undefined || files.length === 0)
    return { answer: 'unknown', reason: 'the package has no list of files' };
  const relevant = files.filter(({ path }) => !isDocumentation(path));
  const reached = relevant
    .flatMap(({ path }) => graph.nodes.get(path) ?? [])
    .filter(({ type, onlyApplication }) => type !== 'directory' && onlyApplication !== true)
    .sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
  const code = reached.find((node) => node.code);
  if (code !== undefined) return yes(graph, code);
  // A package of data only is reached with its data.
  const [data] = reached.filter(({ type }) => type !== 'symlink');
  if (data !== undefined && !relevant.some(({ path }) => isCodeName(path))) return yes(graph, data);
  const undecided = graph.undecided.find((other) => concerns(other, relevant, graph));
  if (undecided !== undefined) {
    return { answer: 'unknown', reason: `${undecided.path} needs what cannot be told by reading: ${undecided.detail}` };
  }
  return { answer: 'no', reason: 'nothing that the entrypoint reaches is code of this package' };
}

function yes(graph: ReachGraph, node: ReachNode): PackageReach {
  const chain = chainTo(graph, node).map(({ path }) => path);
  return { answer: 'yes', reason: `the entrypoint reaches ${node.path}`, chain };
}

function concerns({ language }: Undecided, files: readonly OwnedFile[], { mentioned }: ReachGraph): boolean {
  if (language === undefined) return true;
  const code = files.filter(({ path }) => languageName[language].test(path));
  const place = moduleFolders[language];
  if (place === undefined) return code.length > 0;
  const names = code.flatMap(({ path }) => place.exec(path)?.[1] ?? []);
  // What has a module of its own is loaded by its name; other folders than that hold what others load.
  const own = names.filter((name) => !name.includes('/'));
  const isNamed = (own.length > 0 ? own : names).some((name) => mayBeNamed(name, mentioned));
  return isNamed || code.some(({ path }) => !place.test(path) && isModule(path));
}

/** Where languages look for modules whose names can be computed; the module's path follows. */
const moduleFolders: Partial<Record<Language, RegExp>> = {
  python: /\/(?:site|dist)-packages\/(.+)$/,
  ruby: /\/(?:gems\/[^/]+\/lib|vendor_ruby|site_ruby(?:\/[\d.]+)?)\/(.+)$/,
};

/** Libraries outside the folders that modules are looked for in are no modules, nor is what gems have besides `lib`. */
function isModule(path: ImagePath): boolean {
  return path.endsWith('.py') || (path.endsWith('.rb') && !path.includes('/gems/'));
}

/**
 * A computed name of a module is made of words that something that runs contains, or that stand in its arguments, its
 * environment or the application's files: a package of which none of them is the name cannot be meant.
 */
function mayBeNamed(name: string, mentioned: ReadonlySet<string>): boolean {
  const [top = ''] = name.split(/[/.]/);
  return wordsOf(top).every((word) => mentioned.has(word));
}
