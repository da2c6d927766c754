import { type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import { matchingPaths } from '../matching-paths.ts';
import type { Edge, EdgeKind, Invocation } from '../model.ts';
import { isShell } from '../programs.ts';
import type { Analyser, ReachedFile, World } from '../world.ts';

const mostBytes = 1024 ** 2;
/** Named on a command line, by another configuration, or by a program that has the name built in. */
const asked: ReadonlySet<EdgeKind> = new Set<EdgeKind>(['argument', 'config', 'path']);
/** Formats that are for configuration alone; and those that hold any data, of which packages' manifests are some. */
const configurationName = /\.(?:conf|cfg|cnf|config|ini)$/;
const documentName =
  /(?<!\/(?:package|package-lock|composer|tsconfig|jsconfig|bower))\.(?:toml|ya?ml|properties|json|xml|env)$/;
/** Folders that a path may name without all that is in them being meant. */
const systemFolder =
  /^\/(?:(?:usr|usr\/local)?\/?(?:s?bin|lib\w*|libexec|share|include|src|etc|games)?|usr|usr\/local|(?:usr\/)?lib\/[\w-]+-linux-\w+|dev|proc|sys|run|tmp|boot|media|mnt|home|root|opt|srv|var(?:\/(?:lib|log|cache|run|tmp|spool|mail|www))?|etc\/(?:ssl|alternatives|default|apt))$/;
/** Lists of programs that may be somebody's, not what anything here runs. */
const onlyLists = /^\/etc\/(?:shells|passwd)$/;
const absolute = /(?<![\w.~$%{}@/:*-])\/[\w.+@-][\w.+@:*?[\]/-]*/g;
const included = /^[!%$@]?include(?:_?dir(?:ectory)?|_?file|_?optional)?$/i;

/**
 * Text that configures a program, whatever its format: absolute paths and patterns outside comments, what lines that
 * begin with a word for "include" name relative to the file, and commands that a directive such as lighttpd's
 * `include_shell` hands to a shell.
 */
export const configuration: Analyser = {
  id: 'configuration',
  version: 1,
  data: true,
  takes: (file, world) => file.languages.size === 0 && file.entry.size <= mostBytes && isConfiguration(file, world),
  analyse: async (file, world) => {
    const bytes = await file.bytes();
    if (bytes.includes(0) || startsWithHashBang(bytes)) return undefined;
    const lines = Buffer.from(bytes).toString('utf8').split('\n').filter(isSetting);
    const edges = lines.flatMap((line) => lineEdges(line, file.path, world));
    const runs = lines.flatMap((line) => shellCommand(line, world));
    return edges.length === 0 && runs.length === 0 ? undefined : { edges, runs };
  },
};

function isConfiguration({ path, reason }: ReachedFile, { isApplication }: World): boolean {
  if (onlyLists.test(path)) return false;
  if (reason.kind === 'argument') return true;
  const named = configurationName.test(path);
  if (isApplication(path)) return named || documentName.test(path);
  return asked.has(reason.kind) && (named || (path.startsWith('/etc/') && !path.startsWith('/etc/ssl/')));
}

function startsWithHashBang(bytes: Uint8Array): boolean {
  return bytes[0] === 0x23 && bytes[1] === 0x21;
}

function isSetting(line: string): boolean {
  return line.length < 4096 && !/^\s*(?:#|;|\/\/|--\s)/.test(line);
}

function lineEdges(line: string, from: ImagePath, world: World): readonly Edge[] {
  const named = [...line.matchAll(absolute)].map(([text]) => text.replace(/[.:]+$/, ''));
  const [word = '', first = ''] = line.trim().split(/[\s=:"'<>,;]+/);
  const beside =
    included.test(word) && first !== '' && !first.startsWith('/') ? [joinPath(parentPath(from), first)] : [];
  return [...named, ...beside]
    .flatMap((path) => matchingPaths(path, world.tree))
    .flatMap((path) => edgeTo(path, line, world));
}

function edgeTo(path: ImagePath, line: string, { tree }: World): readonly Edge[] {
  const entry = tree.find(path);
  // A shell that a configuration names is what people who log in get, not what the program needs.
  if (entry === undefined || isShell(path)) return [];
  const edge = { to: path, kind: 'config', detail: line.trim().slice(0, 80), certain: false } as const;
  return [entry.type === 'directory' && !systemFolder.test(entry.path) ? { ...edge, whole: true } : edge];
}

function shellCommand(line: string, { environment }: World): readonly Invocation[] {
  const command = /^\s*[\w.-]*[_-]shell\s*[=:]?\s*"([^"]+)"/.exec(line)?.[1];
  if (command === undefined) return [];
  return [{ argv: ['/bin/sh', '-c', command], environment, folder: '/', kind: 'command', certain: false }];
}
