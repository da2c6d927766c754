import { asObject, asString, type JsonObject, parseJson } from '../../core/json.ts';
import { type ImagePath, joinPath } from '../../core/path.ts';
import type { ImageConfig } from '../../image/model.ts';
import { filesBelow } from '../../reach/files-below.ts';
import type { ImageTree } from '../../reach/image-tree.ts';
import { findProgram, isShell } from '../../reach/programs.ts';
import { imageEnvironment, workingFolder } from '../../reach/seeds.ts';
import { absolutePath } from '../../reach/world.ts';
import { plainWords } from '../plain-command.ts';

/** What is started in the place of a shell or a package manager that only started it. */
export interface DirectStart {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The same in the configuration: what users replaced with their own words they still do. */
  readonly becomes: Start;
}

/** How a container of an image starts. */
export type Start = Pick<ImageConfig, 'entrypoint' | 'cmd'>;

/** The configuration with another start. */
export function withStart(config: ImageConfig, { entrypoint, cmd }: Start): ImageConfig {
  const { entrypoint: _entrypoint, cmd: _cmd, ...rest } = config;
  return { ...rest, ...(entrypoint === undefined ? {} : { entrypoint }), ...(cmd === undefined ? {} : { cmd }) };
}

/** Such links are few: a manifest that calls a manifest, a script that hands on. */
const mostLinks = 5;
/** Words that a shell does itself. */
const builtin =
  /^(?:[.:]|alias|bg|cd|command|eval|exit|export|fg|getopts|hash|jobs|read|readonly|return|set|shift|source|test|times|trap|type|ulimit|umask|unalias|unset|wait)$/;

/**
 * The command that an image's entrypoint comes down to, where what stands before it does nothing else: `sh -c` with one
 * plain command, a script that only has `exec "$@"`, and `npm start`, `yarn start` or `pnpm start` with a plain script and
 * an application that reads none of the variables that these set. Undefined where nothing stands before it.
 */
export async function directStart(config: ImageConfig, tree: ImageTree): Promise<DirectStart | undefined> {
  const from = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
  let to: readonly string[] = from;
  for (let link = 0; link < mostLinks; link++) {
    const next = shellCommand(to) ?? (await handedOn(to, config, tree)) ?? (await managerScript(to, config, tree));
    if (next === undefined) break;
    to = next;
  }
  const program = to[0] ?? '';
  const isThere = findProgram(program, workingFolder(config), imageEnvironment(config), tree) !== undefined;
  if (to === from || !isThere) return undefined;
  const isCommand = (config.entrypoint ?? []).length === 0 || isSame(to, config.cmd ?? []);
  return { from, to, becomes: isCommand ? { cmd: to } : { entrypoint: to } };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}

/** `sh -c 'program word…'`. */
function shellCommand([shell = '', flag, line, ...rest]: readonly string[]): readonly string[] | undefined {
  if (!isShell(shell) || flag !== '-c' || line === undefined || rest.length > 0) return undefined;
  return command(line);
}

function command(line: string): readonly string[] | undefined {
  const words = plainWords(line);
  const [first = '', ...rest] = words ?? [];
  const started = first === 'exec' && !(rest[0] ?? '-').startsWith('-') ? rest : words;
  const [program = ''] = started ?? [];
  return program === '' || program.includes('=') || builtin.test(program) ? undefined : started;
}

/** A script of the shell that hands on to its arguments, or puts a runtime before them, and does nothing else. */
async function handedOn(
  [program = '', ...words]: readonly string[],
  config: ImageConfig,
  tree: ImageTree,
): Promise<readonly string[] | undefined> {
  const path = findProgram(program, workingFolder(config), imageEnvironment(config), tree);
  const size = path === undefined ? undefined : tree.findFile(path)?.size;
  if (path === undefined || size === undefined || size > 64 * 1024 || words.length === 0) return undefined;
  const [interpreter = '', ...lines] = ((await tree.readText(path)) ?? '').split('\n').map((line) => line.trim());
  const [, shell = ''] = /^#!\s*(\S+)(?:\s+-[eux]+)?$/.exec(interpreter) ?? [];
  const does = lines.filter((line) => line !== '' && !line.startsWith('#') && !setsOptions.test(line)).join(' ');
  if (!isShell(shell)) return undefined;
  if (does === 'exec "$@"') return words;
  const { missing, program: first } = namesProgram.exec(does)?.groups ?? {};
  if (first === undefined) return undefined;
  const [word = ''] = words;
  const isProgram = findProgram(word, workingFolder(config), imageEnvironment(config), tree) !== undefined;
  return word.startsWith('-') || (missing !== undefined && !isProgram) ? [first, ...words] : words;
}

const setsOptions = /^set -(?:[eux]+|[eu]*o pipefail)$/;
/**
 * What the official images of language runtimes do: a first word that is an option, or no program, is the runtime's own
 * argument.
 */
const namesProgram =
  /^if \[ "\$\{1#-\}" != "\$\{?1\}?" \](?<missing> \|\| \[ -z "\$\(command -v "\$\{1\}"\)" \](?: \|\| \{ \[ -f "\$\{1\}" \] && ! \[ -x "\$\{1\}" \]; \})?)?; then set -- (?<program>[\w.-]+) "\$@" fi exec "\$@"$/;

/** `npm start`, `npm run NAME`, and so for yarn and pnpm: the line of the manifest, when no other runs before or after it. */
async function managerScript(
  [program = '', ...words]: readonly string[],
  config: ImageConfig,
  tree: ImageTree,
): Promise<readonly string[] | undefined> {
  const [, manager] = /(?:^|\/)(npm|yarn|pnpm)$/.exec(program) ?? [];
  const asked = words.filter((word) => !/^(?:-s|--silent)$/.test(word));
  const [first = '', second = '', ...rest] = asked;
  const isRun = /^run(?:-script)?$/.test(first);
  const name = isRun ? second : first;
  if (manager === undefined || rest.length > 0 || (!isRun && (name !== 'start' || second !== ''))) return undefined;
  const folder = workingFolder(config);
  const scripts = asObject((await readManifest(joinPath(folder, 'package.json'), tree))?.['scripts']);
  const line = asString(scripts?.[name]);
  if (line === undefined || [`pre${name}`, `post${name}`].some((other) => scripts?.[other] !== undefined))
    return undefined;
  const [started = '', ...more] = command(line) ?? [];
  if (started === '' || (await readsManager(folder, tree))) return undefined;
  const tool = absolutePath(`node_modules/.bin/${started}`, folder);
  const isTool = !started.includes('/') && tool !== undefined && tree.findFile(tool) !== undefined;
  return [isTool ? tool : started, ...more];
}

async function readManifest(path: ImagePath, tree: ImageTree): Promise<JsonObject | undefined> {
  try {
    return asObject(parseJson((await tree.readText(path)) ?? '', path));
  } catch {
    return undefined;
  }
}

/** Variables that a package manager sets for what it starts. */
const managerVariables = /\bnpm_(?:package|config|lifecycle|execpath|node_execpath|command)|\bINIT_CWD\b/;

async function readsManager(folder: ImagePath, tree: ImageTree): Promise<boolean> {
  const own = filesBelow(folder, { tree }, (path) => !/\/(?:node_modules|\.[\w-]+)$/.test(path));
  for (const path of own) {
    if (!/\.(?:[cm]?[jt]s|json|sh)$|\/\.env/.test(path) || path.endsWith('/package.json')) continue;
    if (managerVariables.test((await tree.readText(path)) ?? '')) return true;
  }
  return false;
}
