import type { ImagePath } from '../../core/path.ts';
import type { Edge, Invocation, Needs } from '../model.ts';
import { scriptNeeds } from '../shell/script-needs.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** `sh [options] file [words]` and `sh -c script [name [words]]`. */
export const shellRunner: Runner = {
  id: 'shell',
  programs: /^(?:sh|bash|dash|ash|zsh|ksh|mksh|lksh|rbash|yash)$/,
  run: async (invocation, program, world) => {
    const { script, file, words } = parse(invocation.argv.slice(1));
    const own = startFiles(invocation, world);
    const { environment, folder } = invocation;
    if (script !== undefined) {
      const from = world.tree.find(program)?.path ?? program;
      const needs = await scriptNeeds({ text: script, from, words, environment, folder }, world);
      return { ...needs, edges: [...own, ...(needs.edges ?? [])] };
    }
    const path = file === undefined ? undefined : absolutePath(file, folder);
    const entry = path === undefined ? undefined : world.tree.findFile(path);
    if (path === undefined || entry === undefined) return { edges: own };
    const text = (await world.tree.readText(entry.path)) ?? '';
    const needs: Needs = await scriptNeeds({ text, from: entry.path, words, environment, folder }, world);
    const edge: Edge = { to: path, kind: 'argument', language: 'shell' };
    return { ...needs, edges: [...own, edge, ...(needs.edges ?? [])] };
  },
};

/** `busybox sh …` and its like: the first word is the program. */
export const busyboxRunner: Runner = {
  id: 'busybox',
  programs: /^(?:busybox|toybox)$/,
  run: (invocation, program, world) => {
    const [, ...argv] = invocation.argv;
    if (!shellRunner.programs.test(argv[0] ?? '')) return {};
    return shellRunner.run({ ...invocation, argv }, program, world);
  },
};

interface Parsed {
  readonly script?: string;
  readonly file?: string;
  readonly words: readonly string[];
}

function parse(words: readonly string[]): Parsed {
  let at = 0;
  let isScript = false;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!/^[-+]./.test(word)) break;
    if (/^-[a-zA-Z]*c/.test(word) && !word.startsWith('--')) isScript = true;
    if (/^[-+][a-zA-Z]*[oO]$/.test(word) || word === '--rcfile' || word === '--init-file') at++;
  }
  const [first, ...rest] = words.slice(at);
  if (first === undefined) return { words: [] };
  return isScript ? { script: first, words: rest.slice(1) } : { file: first, words: rest };
}

function startFiles({ environment }: Invocation, { tree }: World): readonly Edge[] {
  const paths: ImagePath[] = ['ENV', 'BASH_ENV'].flatMap((name) => environment.get(name) ?? []);
  return paths.flatMap((to): readonly Edge[] =>
    to.startsWith('/') && tree.findFile(to) !== undefined
      ? [{ to, kind: 'source', certain: false, language: 'shell' }]
      : [],
  );
}
