import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import { readLayers } from '../../filesystem/read-layers.ts';
import { createHttpClient } from '../../net/http-client.ts';
import { openLocalImage } from '../open.ts';
import { makeLayer, makeLayout } from '../testing/make-layout.ts';
import { openEngineImage } from './engine-image.ts';
import { type EngineName, engineAddress } from './socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-engine-'));
const children: ChildProcess[] = [];
const tools = { docker: ['dockerd', 'skopeo'], podman: ['podman', 'skopeo'] } as const;

function available(engine: EngineName): boolean {
  if (process.env['CI'] !== undefined) return true;
  return process.getuid?.() === 0 && tools[engine].every((tool) => spawnSync('which', [tool]).status === 0);
}

const layers = [
  makeLayer([{ name: 'etc/' }, { name: 'etc/os-release', content: 'ID=debian\n' }, { name: 'gone', content: 'x' }]),
  makeLayer([{ name: '.wh.gone' }, { name: 'app', content: 'hello', mode: 0o755 }]),
];

beforeAll(() => {
  makeLayout(join(folder, 'layout'), {
    layers,
    tag: 'v1',
    config: { Cmd: ['/app'], User: '1000' },
    createdBy: ['ADD base', 'COPY app /app'],
  });
});
afterAll(async () => {
  for (const child of children) {
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
  }
  spawnSync('umount', [join(folder, 'docker/data')]);
  rmSync(folder, { recursive: true, force: true });
});

async function startDocker(): Promise<string> {
  const at = join(folder, 'docker');
  const socket = join(at, 'docker.sock');
  const options = [
    '--iptables=false',
    '--bridge=none',
    '-H',
    `unix://${socket}`,
    '--data-root',
    join(at, 'data'),
    '--exec-root',
    join(at, 'exec'),
    '-p',
    join(at, 'pid'),
  ];
  children.push(spawn('dockerd', options, { stdio: 'ignore' }));
  await until(
    () =>
      spawnSync('curl', ['-s', '--unix-socket', socket, 'http://localhost/_ping']).stdout.toString() === 'OK' ||
      existsSync(socket),
  );
  execFileSync('skopeo', [
    'copy',
    '-q',
    `oci:${join(folder, 'layout')}:v1`,
    `docker-archive:${join(folder, 'image.tar')}:test/app:v1`,
  ]);
  execFileSync('/usr/bin/docker', ['-H', `unix://${socket}`, 'load', '-i', join(folder, 'image.tar')], {
    stdio: 'pipe',
  });
  return socket;
}

async function startPodman(): Promise<string> {
  const socket = join(folder, 'podman.sock');
  const storage = [
    '--root',
    join(folder, 'podman/root'),
    '--runroot',
    join(folder, 'podman/run'),
    '--storage-driver',
    'vfs',
  ];
  execFileSync('skopeo', [
    'copy',
    '-q',
    `oci:${join(folder, 'layout')}:v1`,
    `docker-archive:${join(folder, 'podman.tar')}:localhost/test/app:v1`,
  ]);
  execFileSync('podman', [...storage, 'load', '-q', '-i', join(folder, 'podman.tar')], { stdio: 'pipe' });
  children.push(
    spawn('podman', [...storage, 'system', 'service', '--time=0', `unix://${socket}`], { stdio: 'ignore' }),
  );
  await until(() => existsSync(socket));
  return socket;
}

async function until(ready: () => boolean): Promise<void> {
  for (let tries = 0; tries < 150 && !ready(); tries++) await sleep(200);
}

describe.each([
  ['docker' as const, startDocker, 'test/app:v1'],
  ['podman' as const, startPodman, 'localhost/test/app:v1'],
])('an image in a real %s engine', (engine, start, name) => {
  const http = createHttpClient();
  afterAll(() => http.close());

  it.skipIf(!available(engine))('has the configuration, layers and files that the layout has', async () => {
    const socketPath = await start();
    const context = createContext();
    const address = { url: 'http://localhost', socketPath };
    const options = { http, engine, address, typed: name, documentBytes: context.limits.documentBytes };
    const image = await openEngineImage(name, options);
    const original = await openLocalImage({ kind: 'oci', path: join(folder, 'layout') }, { context, typed: 'layout' });
    expect(image?.layers.map((layer) => [layer.diffId, layer.createdBy])).toEqual(
      original.layers.map((layer) => [layer.diffId, layer.createdBy]),
    );
    expect(image?.config).toMatchObject({ user: '1000', cmd: ['/app'] });
    expect(image?.platform.architecture).toBe('amd64');
    const { filesystem, readings } = await readLayers(image?.layers ?? [], {
      context,
      selects: ['/etc/*'],
      cacheKey: '',
      verify: true,
    });
    expect([...filesystem.entries()].map((entry) => entry.path)).toEqual(['/', '/app', '/etc', '/etc/os-release']);
    expect(Buffer.from((await filesystem.read('/etc/os-release')) ?? []).toString()).toBe('ID=debian\n');
    expect(Buffer.from((await filesystem.read('/app')) ?? []).toString()).toBe('hello');
    expect(readings.map((reading) => reading.size)).toEqual(layers.map((layer) => layer.length));
    expect(await openEngineImage('no/such:image', options)).toBeUndefined();
  });
});

describe('finding an engine', () => {
  it('reads the setting, the environment and the current context, in this order', () => {
    const environment = { DOCKER_HOST: 'tcp://127.0.0.1:2375', CONTAINER_HOST: 'unix:///run/p.sock', HOME: folder };
    expect(engineAddress('docker', { environment, host: 'unix:///set.sock' })).toEqual({
      url: 'http://localhost',
      socketPath: '/set.sock',
    });
    expect(engineAddress('docker', { environment })).toEqual({ url: 'http://127.0.0.1:2375' });
    expect(engineAddress('podman', { environment })).toEqual({ url: 'http://localhost', socketPath: '/run/p.sock' });
    expect(() => engineAddress('docker', { environment, host: 'ssh://host' })).toThrow(
      expect.objectContaining({ code: 'usage.value' }),
    );
  });

  it('says what is wrong when an engine does not answer as one', async () => {
    const server = createServer((_, response) => response.writeHead(500).end('broken'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const http = createHttpClient({ retries: 0 });
    const options = {
      http,
      engine: 'docker' as const,
      address: { url: `http://127.0.0.1:${port}` },
      typed: 'x',
      documentBytes: 1e6,
    };
    await expect(openEngineImage('x', options)).rejects.toMatchObject({ code: 'environment.engine' });
    server.close();
    await http.close();
    const gone = createHttpClient({ retries: 0 });
    const missing = {
      ...options,
      http: gone,
      address: { url: 'http://localhost', socketPath: join(folder, 'none.sock') },
    };
    await expect(openEngineImage('x', missing)).rejects.toMatchObject({ code: 'environment.engine' });
    await gone.close();
  });
});
