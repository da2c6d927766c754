import { type ImagePath, joinPath } from '../../core/path.ts';
import { archiveEdge, classPathEdges } from '../java/class-path.ts';
import { desktopEdges, homeOf, javaOf, runtimeEdges } from '../java/home.ts';
import type { Edge } from '../model.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

const paths = /^(?:-cp|-classpath|--class-path|-p|--module-path|--upgrade-module-path)$/;
const valued =
  /^(?:-m|--module|--add-modules|--add-exports|--add-opens|--add-reads|--limit-modules|--patch-module|--source)$/;
const mostBytes = 1024 ** 2;

/** `java [options] -jar file`, `java [options] class`, `java -m module`. */
export const javaRunner: Runner = {
  id: 'java',
  programs: /^javaw?$/,
  run: async ({ argv, environment, folder }, program, world) => {
    const home = homeOf(program, world);
    if (home !== undefined) javaOf(world).add(home);
    const given = ['JDK_JAVA_OPTIONS', 'JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS'].flatMap((name) =>
      wordsOf(environment.get(name) ?? ''),
    );
    const words = await withFiles([...given, ...argv.slice(1)], folder, world);
    const classPath = environment.get('CLASSPATH');
    const options = optionEdges(words, folder, world);
    const isSilent = words.some((word) => /^-Djava\.awt\.headless=true$/.test(word));
    const isDrawing = environment.has('DISPLAY') && !isSilent;
    return {
      edges: [
        ...(home === undefined ? [] : runtimeEdges(home, world)),
        ...(isDrawing ? desktopEdges(world) : []),
        ...systemSettings(world),
        ...(classPath === undefined ? [] : classPathEdges(classPath, folder, world)),
        ...options,
        ...argumentFiles(argv, folder),
        { to: '/tmp', kind: 'data', detail: 'hsperfdata', certain: false },
      ],
    };
  },
};

function optionEdges(words: readonly string[], folder: ImagePath, world: World): readonly Edge[] {
  const edges: Edge[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, option = word, attached] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    if (paths.test(option)) edges.push(...classPathEdges(attached ?? words[++at] ?? '', folder, world));
    else if (option === '-jar') return [...edges, ...classPathEdges(words[at + 1] ?? '', folder, world)];
    else if (valued.test(option)) at += attached === undefined ? 1 : 0;
    else if (word.startsWith('-')) edges.push(...namedFile(word, folder, world));
    // The class that is run; what follows are its own arguments.
    else return word.endsWith('.java') ? [...edges, ...classPathEdges(word, folder, world)] : edges;
  }
  return edges;
}

/** `-javaagent:file=options`, `-agentpath:file`, `-Xbootclasspath/a:list`, `-Dname=file`. */
function namedFile(word: string, folder: ImagePath, world: World): readonly Edge[] {
  const [, agent] = /^-(?:javaagent|agentpath):([^=]+)/.exec(word) ?? [];
  const [, boot] = /^-Xbootclasspath(?:\/[ap])?:(.*)$/.exec(word) ?? [];
  const [, value] = /^-(?:D[\w.-]+|XX:\w+)=(?:file:(?:\/\/)?)?(\/.*)$/.exec(word) ?? [];
  if (boot !== undefined) return classPathEdges(boot, folder, world);
  const path = agent === undefined ? undefined : absolutePath(agent, folder);
  if (path !== undefined) return [archiveEdge(path, word)];
  return value === undefined ? [] : [{ to: value, kind: 'argument', detail: word, certain: false }];
}

function argumentFiles(argv: readonly string[], folder: ImagePath): readonly Edge[] {
  return argv
    .filter((word) => word.startsWith('@'))
    .flatMap((word) => absolutePath(word.slice(1), folder) ?? [])
    .map((to) => ({ to, kind: 'config', certain: false }));
}

/** `@file`: options that a file holds (java(1), "java Command-Line Argument Files"). */
async function withFiles(words: readonly string[], folder: ImagePath, { tree }: World): Promise<readonly string[]> {
  const all = await Promise.all(
    words.map(async (word) => {
      const path = word.startsWith('@') && !word.startsWith('@@') ? absolutePath(word.slice(1), folder) : undefined;
      const text = path === undefined ? undefined : await tree.readText(path);
      return text === undefined || text.length > mostBytes ? [word] : wordsOf(text.replace(/^\s*#.*$/gm, ''));
    }),
  );
  return all.flat();
}

function wordsOf(text: string): readonly string[] {
  return (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}

/** What distributions put beside the installation: settings and the key store that its links lead to. */
function systemSettings({ tree }: World): readonly Edge[] {
  const settings = tree
    .list('/etc')
    .flatMap(({ path }) => (/^\/etc\/(?:\.?java|java-[\w.-]*)$/.test(path) ? [path] : []));
  return [...settings, '/etc/ssl/certs/java', '/etc/pki/java', joinPath('/etc/ssl', 'java')].map((to) => ({
    to,
    kind: 'config',
    detail: 'Java',
    certain: false,
    whole: true,
  }));
}
