// Runs as the first process of namespaces of its own: mounts the image's files, starts what it runs, plays the probes.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'undici';
import type { Probe } from './descriptor.ts';
import { openedFiles } from './opened-files.ts';

export interface Play {
  readonly folder: string;
  readonly roots: readonly string[];
  /** The original's, from which the services beside it run. */
  readonly originalRoots: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly probes: readonly Probe[];
  readonly services: readonly (readonly string[])[];
  readonly traced: boolean;
}

export interface Played {
  readonly answers: readonly unknown[];
  readonly output: string;
  readonly opened: readonly string[];
}

const patience = 60_000;

async function main(folder: string): Promise<void> {
  const request = JSON.parse(readFileSync(join(folder, 'play.json'), 'utf8')) as Play;
  const root = join(folder, 'root');
  mountImage(request.roots, folder, root);
  if (request.services.length > 0) {
    const beside = join(folder, 'beside');
    mkdirSync(join(beside, 'root'), { recursive: true });
    for (const name of ['upper', 'work']) mkdirSync(join(beside, name));
    mountImage(request.originalRoots, beside, join(beside, 'root'));
    for (const argv of request.services) start(argv, { ...request, traced: false }, join(beside, 'root'));
  }
  const child = start(argvOf(request.config), request, root);
  const answers = await playAll(request.probes, child, () => readFileSync(outputFile(folder), 'utf8'));
  child.kill('SIGTERM');
  await Promise.race([once(child, 'exit'), sleep(2_000)]);
  const opened = request.traced ? openedFiles(join(folder, 'trace'), root) : [];
  const played: Played = { answers, output: readFileSync(outputFile(folder), 'utf8'), opened };
  writeFileSync(join(folder, 'played.json'), JSON.stringify(played));
  // The first process of the namespace takes all others with it.
  process.exit(0);
}

function mountImage(roots: readonly string[], folder: string, root: string): void {
  const [upper, work] = [join(folder, 'upper'), join(folder, 'work')];
  const lower = [...roots].reverse().join(':');
  mount('-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`, root);
  for (const name of ['proc', 'dev', 'sys', 'etc']) mkdirSync(join(root, name), { recursive: true });
  mount('-t', 'proc', 'proc', join(root, 'proc'));
  mount('-t', 'tmpfs', 'tmpfs', join(root, 'dev'));
  for (const device of ['null', 'zero', 'full', 'random', 'urandom', 'tty']) {
    writeFileSync(join(root, 'dev', device), '');
    mount('--bind', `/dev/${device}`, join(root, 'dev', device));
  }
  for (const [name, target] of [
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
  ] as const) {
    execFileSync('ln', ['-s', target, join(root, 'dev', name)]);
  }
  mkdirSync(join(root, 'dev/shm'));
  // Whatever the umask.
  chmodSync(join(root, 'dev/shm'), 0o1777);
  // As every engine does.
  for (const [name, text] of [
    ['hosts', '127.0.0.1 localhost image\n'],
    ['resolv.conf', ''],
    ['hostname', 'image\n'],
  ] as const) {
    writeFileSync(join(root, 'etc', name), text);
  }
  execFileSync('hostname', ['image']);
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
}

function mount(...words: readonly string[]): void {
  execFileSync('mount', words);
}

function argvOf(config: Play['config']): readonly string[] {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  return [...list(config['Entrypoint']), ...list(config['Cmd'])];
}

function start(argv: readonly string[], { config, folder, traced }: Play, root: string): ChildProcess {
  const environment = Object.fromEntries(
    ((config['Env'] as readonly string[] | undefined) ?? []).map((line) => [
      line.slice(0, line.indexOf('=')),
      line.slice(line.indexOf('=') + 1),
    ]),
  );
  const working = String(config['WorkingDir'] ?? '/');
  if (!existsSync(join(root, working))) mkdirSync(join(root, working), { recursive: true });
  const { user, group, home } = account(String(config['User'] ?? '0'), root);
  const enter = [
    '/usr/bin/nsenter',
    `--root=${root}`,
    `--wd=${join(root, working)}`,
    '-S',
    user,
    '-G',
    group,
    '--',
    ...argv,
  ];
  const calls = 'trace=open,openat,openat2,execve,execveat';
  const trace = ['/usr/bin/strace', '-ff', '-qq', '-y', '-s', '4096', '-e', calls, '-o', join(folder, 'trace/log')];
  const [program = '', ...words] = [...(traced ? trace : []), ...enter];
  // A file, since programs open /dev/stderr, which a socket cannot be opened through.
  const output = openSync(outputFile(folder), 'a');
  return spawn(program, words, { env: { HOME: home, ...environment }, stdio: ['ignore', output, output] });
}

function outputFile(folder: string): string {
  return join(folder, 'output');
}

/** Numbers of the user that the configuration names. */
function account(name: string, root: string): { readonly user: string; readonly group: string; readonly home: string } {
  const [wanted = '0', wantedGroup] = name.split(':');
  const file = join(root, 'etc/passwd');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const fields = lines.map((line) => line.split(':')).find(([one, , id]) => one === wanted || id === wanted);
  const [, , user = wanted, group = '0', , home = '/'] = fields ?? [];
  return { user, group: wantedGroup ?? group, home };
}

async function playAll(
  probes: readonly Probe[],
  child: ChildProcess,
  output: () => string,
): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  let ended: number | undefined;
  const exit = once(child, 'exit').then(([code]) => {
    ended = Number(code);
    return ended;
  });
  for (const probe of probes) {
    if ('exit' in probe) {
      answers.push({ exit: await Promise.race([exit, sleep(patience, 'still runs')]) });
      continue;
    }
    if ('output' in probe) {
      answers.push({ output: output() });
      continue;
    }
    // What is not up yet is asked again; what answered once is not.
    const end = Date.now() + (answers.length === 0 ? patience : 10_000);
    for (;;) {
      const answer = await ask(probe).catch((error: unknown) => ({
        failure: String(error),
        cause: String((error as Error).cause),
      }));
      if (!('failure' in answer) || Date.now() > end || ended !== undefined) {
        answers.push('failure' in answer && ended !== undefined ? { ...answer, ended } : answer);
        break;
      }
      await sleep(100);
    }
  }
  return answers;
}

async function ask(probe: Exclude<Probe, { exit: true } | { output: true }>): Promise<object> {
  if ('websocket' in probe) return askSocket(probe.websocket, probe.send);
  if ('tcp' in probe) return askTcp(probe.tcp, probe.send);
  const { http: url, method, headers, body } = probe;
  const response = await fetch(`http://127.0.0.1${url}`, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
    ...(body === undefined ? {} : { body }),
  });
  if (response.status === 502 || response.status === 503) throw new Error(`status ${response.status}`);
  const varying = new Set(['date', 'last-modified', 'etag', 'keep-alive', 'expires']);
  const kept = [...response.headers].filter(([name]) => !varying.has(name));
  return { status: response.status, headers: kept, body: await response.text() };
}

async function askSocket(url: string, send: readonly string[]): Promise<object> {
  const socket = new WebSocket(`ws://127.0.0.1${url}`);
  const received: string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => {
      for (const text of send) socket.send(text);
    });
    socket.addEventListener('error', () => reject(new Error('the socket failed')));
    socket.addEventListener('message', ({ data }) => {
      received.push(String(data));
      if (received.length === send.length) resolve();
    });
  });
  socket.close();
  return { received };
}

/** What comes back until nothing more comes for a while. */
async function askTcp(port: number, send: string): Promise<object> {
  const socket = connect(port, '127.0.0.1');
  const received: Buffer[] = [];
  await once(socket, 'connect');
  socket.on('data', (chunk) => received.push(chunk));
  socket.write(send);
  await sleep(300);
  socket.destroy();
  return { received: Buffer.concat(received).toString() };
}

await main(process.argv[2] ?? '');
