import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { said } from '../core/problems.ts';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { copy } from './copy.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-copy-engines-'));
const at = (...names: readonly string[]): string => join(folder, ...names);
const children: ChildProcess[] = [];
let image = '';

function available(...tools: readonly string[]): boolean {
  if (process.env['CI'] !== undefined) return true;
  return process.getuid?.() === 0 && tools.every((tool) => spawnSync('which', [tool]).status === 0);
}

/** Debian's ldconfig is linked statically: a program that runs where there is nothing else. */
const program = '/sbin/ldconfig';
const content = existsSync(program) ? readFileSync(program) : '';

const layers = [
  makeLayer([{ name: 'bin/' }, { name: 'bin/ldconfig', content, mode: 0o755 }]),
  makeLayer([{ name: 'etc/' }, { name: 'etc/os-release', content: 'ID=debian\n' }]),
];

beforeAll(() => {
  const config = { Entrypoint: ['/bin/ldconfig'], Cmd: ['--version'], User: '0' };
  [image = ''] = makeLayout(at('layout'), { layers, compression: 'none', tag: 'v1', config });
  makeLayout(at('gzip'), { layers, compression: 'gzip', tag: 'v1', config });
});
afterAll(async () => {
  for (const child of children) {
    child.kill();
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  }
  for (const mount of ['docker/data', 'docker/exec/netns/default'])
    spawnSync('umount', [at(mount)], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
});

interface Engine {
  /** The variable that names its address, and the address. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs its own command line. */
  readonly command: (...args: readonly string[]) => string;
}

async function startDocker(): Promise<Engine> {
  const host = `unix://${at('docker/docker.sock')}`;
  const files = ['--data-root', at('docker/data'), '--exec-root', at('docker/exec'), '-p', at('docker/pid')];
  children.push(spawn('dockerd', ['--iptables=false', '--bridge=none', '-H', host, ...files], { stdio: 'ignore' }));
  const command = (...args: readonly string[]): string =>
    execFileSync('/usr/bin/docker', ['-H', host, ...args], { stdio: 'pipe' }).toString();
  await until(() => spawnSync('/usr/bin/docker', ['-H', host, 'version'], { stdio: 'ignore' }).status === 0);
  return { environment: { DOCKER_HOST: host }, command };
}

async function startPodman(): Promise<Engine> {
  const socket = at('podman.sock');
  const storage = [
    '--root',
    at('podman/root'),
    '--runroot',
    at('podman/run'),
    '--storage-driver',
    'vfs',
    '--runtime',
    'runc',
  ];
  children.push(
    spawn('podman', [...storage, 'system', 'service', '--time=0', `unix://${socket}`], { stdio: 'ignore' }),
  );
  await until(() => existsSync(socket));
  const limits = ['--ulimit=nofile=1024:1024', '--ulimit=nproc=1000:1000'];
  const command = (...args: readonly string[]): string => {
    const [verb = '', ...rest] = args;
    const all = verb === 'run' ? [verb, ...limits, ...rest] : args;
    return execFileSync('podman', [...storage, ...all], { stdio: 'pipe' }).toString();
  };
  return { environment: { CONTAINER_HOST: `unix://${socket}` }, command };
}

async function until(ready: () => boolean): Promise<void> {
  for (let tries = 0; tries < 150 && !ready(); tries++) await sleep(200);
}

async function copied(from: string, to: string, environment: NodeJS.ProcessEnv) {
  const toolbox = testToolbox({ platform: 'linux/amd64' }, { environment: { HOME: folder, ...environment } });
  try {
    return await copy(from, to, { allPlatforms: false, referrers: false }, toolbox);
  } finally {
    await toolbox.close();
  }
}

describe.each([
  ['docker' as const, startDocker, available('dockerd', 'docker', program)],
  ['podman' as const, startPodman, available('podman', 'runc', program)],
])('a real %s engine', (kind, start, canRun) => {
  it.skipIf(!canRun)('gets an image that runs, and gives it back as it was', async () => {
    const { environment, command } = await start();
    const { digest } = await copied(`oci:${at('gzip')}:v1`, `${kind}:localhost/test/app:v1`, environment);
    expect(
      command('image', 'inspect', '--format', '{{.Id}}', 'localhost/test/app:v1').trim().replace('sha256:', ''),
    ).toBe(digest.slice(7));
    expect(command('run', '--rm', '--network=host', 'localhost/test/app:v1')).toMatch(/^ldconfig \(.*\) 2\./);
    expect((await copied(`${kind}:localhost/test/app:v1`, `oci:${at(`back-${kind}`)}:v1`, environment)).digest).toBe(
      image,
    );
    await copied(`${kind}:localhost/test/app:v1`, `docker-archive:${at(`${kind}.tar`)}`, environment);
    command('rmi', '-f', 'localhost/test/app:v1');
    command('load', '-i', at(`${kind}.tar`));
    expect(command('run', '--rm', '--network=host', 'localhost/test/app:v1')).toMatch(/^ldconfig/);
    await copied(`oci:${at('gzip')}:v1`, `${kind}:`, environment);
    expect(command('image', 'inspect', '--format', '{{.Os}}', digest.slice(7)).trim()).toBe('linux');
  });
});

describe('an engine that does not take the image', () => {
  it.each([
    [
      200,
      '{"stream":"Loading"}\n{"errorDetail":{"message":"no space"},"error":"no space left"}',
      said('no space left'),
    ],
    [500, '{"message":"broken"}', said('broken')],
    [500, 'not json', { kind: 'answers-status', status: 500 }],
  ])('has its reason told (%d %s)', async (status, body, problem) => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const wanted = { code: 'environment.engine', exitCode: 3, parameters: { engine: 'docker', problem } };
    const failed = copied(`oci:${at('gzip')}:v1`, 'docker:x:1', { DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    await expect(failed).rejects.toMatchObject(wanted);
    server.close();
  });

  it('is asked for nothing when the source is damaged', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    mkdirSync(at('bad'));
    const manifest = makeLayout(at('bad'), { layers, tag: 'v1' })[0] ?? '';
    const { layers: listed } = JSON.parse(readFileSync(at('bad/blobs', manifest.replace(':', '/')), 'utf8')) as {
      layers: { digest: string }[];
    };
    truncateSync(at('bad/blobs', (listed[0]?.digest ?? '').replace(':', '/')), 512);
    const failed = copied(`oci:${at('bad')}:v1`, 'docker:x:1', { DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    await expect(failed).rejects.toMatchObject({ code: 'untrusted.truncated', exitCode: 4 });
    expect(requests).toBe(0);
    server.close();
  });

  it('is said when there is none', async () => {
    const environment = { DOCKER_HOST: `unix://${at('none.sock')}` };
    const failed = copied(`oci:${at('gzip')}:v1`, 'docker:x:1', environment);
    await expect(failed).rejects.toMatchObject({ code: 'environment.engine', exitCode: 3 });
  });
});
