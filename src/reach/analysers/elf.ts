import { baseName, type ImagePath, joinPath, parentPath } from '../../core/path.ts';
import type { ElfFile } from '../../formats/elf/model.ts';
import { isElf } from '../../formats/elf/read-elf.ts';
import { constantTexts } from '../../formats/elf/strings.ts';
import { namesSymbol } from '../elf-library.ts';
import type { Edge, Needs } from '../model.ts';
import { isShell } from '../programs.ts';
import { isSeldomOpened } from '../seldom-opened.ts';
import type { Analyser, ReachedFile, World } from '../world.ts';
import { packedPaths, packsTexts } from './packed-paths.ts';
import { privateFolder } from './private-folders.ts';

/** Absolute paths, lists of them, paths below a prefix that the program finds out itself, and names of libraries. */
const interesting =
  /(?<![\x20-\x7e])(?:\/[\x21-\x7e]{2,1000}|(?:share|libexec)\/[\x21-\x7e]{2,200}|[\w.+-]{1,200}\.so(?:\.[\w.]+)?)(?=\0)/g;
/** Below the folder above the program's own. */
const belowPrefix = /^(?:share|libexec)\//;
/** Folders in which files are looked for by names that stand nowhere, so that all of them are needed. */
const dataFolders = /^\/(?:usr\/share\/zoneinfo|etc\/(?:ssl|pki\/tls)\/certs|etc\/pki\/ca-trust\/extracted\/pem)\/?$/;
/** Folders of these have rules of their own, or hold what is searched by name and not as a whole. */
const notPlugins =
  /^\/(?:usr\/)?lib(?:32|64)?(?:\/[\w-]+-linux-[\w]+)?(?:\/gconv)?$|\/lib$|^\/$|\/(?:ruby|perl5?|perl-base|php\d*)(?:\/|$)/;

/**
 * Programs and libraries: interpreter, NEEDED libraries as the dynamic loader finds them, libraries that are opened
 * by a name in the constant data, and paths that stand there.
 */
export const elf: Analyser = {
  id: 'elf',
  version: 3,
  takes: ({ path, entry }) => (entry.mode & 0o111) !== 0 || /\.so(?:\.|$)|\.node$/.test(baseName(path)),
  analyse: async (file, world) => {
    const bytes = await file.bytes();
    if (!isElf(bytes)) return undefined;
    const parsed = await world.elf.read(file.path);
    if (parsed === undefined) return { undecided: [{ problem: 'unreadable', detail: 'ELF' }] };
    // What was reached as NEEDED had its own needs resolved with those of the program that loads it.
    const loads = file.reason.kind === 'needed' ? [] : await libraries(file, parsed, world);
    const texts = await textEdges(file, parsed, bytes, world);
    return { edges: [...loads, ...(texts.edges ?? [])], notKept: texts.notKept ?? [] };
  },
};

async function libraries(
  { path, reason: { certain } }: ReachedFile,
  parsed: ElfFile,
  world: World,
): Promise<readonly Edge[]> {
  const { interpreter } = parsed;
  const loaded = await world.loader.load(path, parsed);
  return [
    ...(interpreter === undefined ? [] : [{ to: interpreter, kind: 'interpreter' } as const]),
    ...loaded.flatMap(({ from, name, paths }): readonly Edge[] => {
      // What may never be loaded may as well find by then what it needs: a virtual machine's parts its `libjvm.so`.
      if (paths.length === 0) return certain ? [{ to: name, kind: 'needed', detail: name, from }] : [];
      return paths.map((to) => ({ to, kind: 'needed', detail: name, from }));
    }),
  ];
}

async function textEdges(file: ReachedFile, parsed: ElfFile, bytes: Uint8Array, world: World): Promise<Needs> {
  const edges: Edge[] = [];
  const notKept: string[] = [];
  const seen = new Set<string>();
  for (const text of constantTexts(parsed, bytes, interesting)) {
    if (seen.has(text)) continue;
    seen.add(text);
    if (!text.startsWith('/') && !belowPrefix.test(text)) {
      const found = isSeldomOpened(text, file.path) ? [] : await world.loader.find(text, file.path, parsed);
      edges.push(...found.map((to): Edge => ({ to, kind: 'dlopen', detail: text, certain: false })));
      continue;
    }
    for (const path of belowPrefix.test(text) ? [prefixed(text, file.path)] : text.split(':')) {
      if (!/^\/[^/%]/.test(path) || sourceName.test(path)) continue;
      const edge = pathEdge(path, file, parsed, world);
      if (edge === 'not-kept') notKept.push(path);
      else if (edge !== undefined) edges.push(edge);
      const folder = world.tree.findFolder(path)?.path;
      if (folder === undefined) continue;
      const held = await privateFolder(folder, { isProgram: isProgram(file, parsed) }, world);
      edges.push(...held.edges);
      notKept.push(...held.notKept);
    }
  }
  const packed = packsTexts(parsed, bytes) ? packedPaths(parsed, bytes, world.tree, isDataFolder) : [];
  for (const path of packed) {
    const edge = sourceName.test(path) ? undefined : pathEdge(path, file, parsed, world);
    if (edge === 'not-kept') notKept.push(path);
    else if (edge !== undefined) edges.push(edge);
  }
  return { edges, notKept };
}

/** Where a program was compiled from, which it names in its messages: Go's programs name every file. */
const sourceName = /\.(?:go|s|S|c|cc|cpp|cxx|h|hh|hpp|rs)$/;

/** A path in the constant data: data are kept, programs only where a program of the application names them. */
function pathEdge(path: ImagePath, file: ReachedFile, parsed: ElfFile, world: World): Edge | 'not-kept' | undefined {
  const entry = world.tree.find(path);
  if (entry === undefined || entry.path === file.path) return undefined;
  const edge: Edge = { to: path, kind: 'path', detail: path, certain: false };
  if (entry.type === 'directory') {
    if (isDataFolder(path)) return { ...edge, kind: 'data', whole: true };
    if (notPlugins.test(entry.path)) return undefined;
    return isPluginFolder(entry.path, world) ? { ...edge, kind: 'plugins', whole: true } : edge;
  }
  if ((entry.mode & 0o111) === 0 || /\.so(?:\.|$)/.test(path)) return edge;
  if (isShell(path)) {
    const runs = ['system', 'popen', 'execl', 'execv', 'execve', 'posix_spawn'].some((name) =>
      namesSymbol(parsed, name),
    );
    return world.isApplication(file.path) && runs ? edge : 'not-kept';
  }
  return isProgram(file, parsed) ? edge : 'not-kept';
}

function isDataFolder(path: ImagePath): boolean {
  return dataFolders.test(path);
}

/** Static ones ask for no interpreter. */
function isProgram({ path, entry }: ReachedFile, { interpreter }: ElfFile): boolean {
  return interpreter !== undefined || ((entry.mode & 0o111) !== 0 && !/\.so(?:\.|$)|\.node$/.test(baseName(path)));
}

function prefixed(text: string, program: ImagePath): ImagePath {
  return joinPath(parentPath(parentPath(program)), text);
}

function isPluginFolder(path: ImagePath, { tree }: World): boolean {
  return tree.list(path).some((entry) => entry.type === 'file' && entry.path.endsWith('.so'));
}
