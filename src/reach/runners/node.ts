import { resolverOf } from '../analysers/node.ts';
import type { Edge, Invocation, Needs } from '../model.ts';
import { scanModule } from '../node/scan-module.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';

/** Options whose value is the next word. */
const valued =
  /^(?:-[rCepi]|--(?:require|import|loader|experimental-loader|conditions|eval|print|input-type|title|icu-data-dir|env-file|env-file-if-exists|openssl-config|import|watch-path|disable-warning|redirect-warnings|diagnostic-dir|unhandled-rejections|dns-result-order|trace-event-categories))$/;

/** `node [options] file [words]`. */
export const nodeRunner: Runner = {
  id: 'node',
  programs: /^(?:node|nodejs)\d*$/,
  run: async (invocation, _program, world) => {
    const given = (invocation.environment.get('NODE_OPTIONS') ?? '').split(/\s+/).filter((word) => word !== '');
    const { modules, script, code } = parse([...given, ...invocation.argv.slice(1)]);
    const edges: Edge[] = [];
    for (const name of modules) edges.push(...(await moduleEdge(name, invocation, world)));
    if (script !== undefined) edges.push(...(await scriptEdge(script, invocation, world)));
    if (code !== undefined) edges.push(...(await codeEdges(code, invocation, world)));
    return { edges } satisfies Needs;
  },
};

interface Parsed {
  readonly modules: readonly string[];
  readonly script?: string;
  readonly code?: string;
}

function parse(words: readonly string[]): Parsed {
  const modules: string[] = [];
  let code: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-')
      return { modules, ...(code === undefined ? { script: word } : { code }) };
    if (word === '--') {
      const script = words[at + 1];
      return {
        modules,
        ...(script === undefined || code !== undefined ? {} : { script }),
        ...(code === undefined ? {} : { code }),
      };
    }
    const [, option = word, attached] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    const value = attached ?? (valued.test(option) ? words[++at] : undefined);
    if (value === undefined) continue;
    if (/^(?:-r|--require|--import|--loader|--experimental-loader)$/.test(option)) modules.push(value);
    if (/^(?:-[ep]|--eval|--print)$/.test(option)) code = value;
  }
  return { modules, ...(code === undefined ? {} : { code }) };
}

async function scriptEdge(script: string, { folder }: Invocation, world: World): Promise<readonly Edge[]> {
  const path = absolutePath(script, folder);
  const found = path === undefined ? undefined : await resolverOf(world).asFileOrFolder(path);
  if (found === undefined) return [{ to: path ?? script, kind: 'argument' }];
  return [
    { to: found.path, kind: 'argument', language: 'node' },
    ...found.manifests.map((to): Edge => ({ to, kind: 'config', certain: false })),
  ];
}

async function moduleEdge(name: string, { folder }: Invocation, world: World): Promise<readonly Edge[]> {
  const from = `${folder === '/' ? '' : folder}/[command]`;
  const found = await resolverOf(world).resolve(name, from, 'require');
  if (found === 'builtin') return [];
  return found === undefined
    ? [{ to: name, kind: 'argument' }]
    : [{ to: found.path, kind: 'argument', language: 'node' }];
}

async function codeEdges(code: string, invocation: Invocation, world: World): Promise<readonly Edge[]> {
  const { specifiers } = scanModule(code, `${invocation.folder}/[eval]`);
  const all = await Promise.all(specifiers.map(({ specifier }) => moduleEdge(specifier, invocation, world)));
  return all.flat();
}
