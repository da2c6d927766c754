import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import { said } from '../../core/problems.ts';
import { readLayers } from '../../filesystem/read-layers.ts';
import { makeLayer, makeLayout } from '../testing/make-layout.ts';
import { type ContainerdOptions, openContainerdImage } from './containerd.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-containerd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const context = createContext();

function options(typed: string, environment: NodeJS.ProcessEnv = {}): ContainerdOptions {
  const { signal, limits } = context;
  return { typed, environment: { ...process.env, ...environment }, signal, documentBytes: limits.documentBytes };
}

function available(): boolean {
  if (process.env['CI'] !== undefined) return true;
  const tools = ['containerd', 'ctr', 'skopeo'];
  return process.getuid?.() === 0 && tools.every((tool) => spawnSync('which', [tool]).status === 0);
}

describe.skipIf(!available())('an image in a real containerd', () => {
  const address = join(folder, 'containerd.sock');
  const layers = [
    makeLayer([{ name: 'etc/' }, { name: 'etc/os-release', content: 'ID=debian\n' }, { name: 'gone', content: 'x' }]),
    makeLayer([{ name: '.wh.gone' }, { name: 'app', content: 'hello', mode: 0o755 }]),
  ];
  const name = 'docker.io/library/app:v1';
  let child: ChildProcess;
  let digest: string | undefined;

  beforeAll(async () => {
    child = startContainerd(address);
    const layout = join(folder, 'layout');
    [digest] = makeLayout(layout, { layers, compression: 'gzip', tag: 'v1', config: { User: '1000' } });
    const archive = join(folder, 'image.tar');
    execFileSync('skopeo', ['copy', '-q', `oci:${layout}:v1`, `oci-archive:${archive}:${name}`]);
    for (let tries = 0; tries < 150 && !existsSync(address); tries++) await sleep(200);
    execFileSync('ctr', ['--address', address, 'images', 'import', '--no-unpack', archive], { stdio: 'pipe' });
  }, 60_000);
  afterAll(async () => {
    child.kill();
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  });

  it.each([name, 'app:v1'])('is opened as %s, and read without an export', async (typed) => {
    const image = await openContainerdImage(typed, options(typed, { CONTAINERD_ADDRESS: address }));
    expect(image).toMatchObject({ name, digest, config: { user: '1000' }, platform: { architecture: 'amd64' } });
    const reading = { context, selects: ['/etc/*'], cacheKey: '', verify: true };
    const { filesystem, readings } = await readLayers(image?.layers ?? [], reading);
    expect([...filesystem.entries()].map(({ path }) => path)).toEqual(['/', '/app', '/etc', '/etc/os-release']);
    expect(Buffer.from((await filesystem.read('/app')) ?? []).toString()).toBe('hello');
    expect(readings.map(({ size }) => size)).toEqual(layers.map(({ length }) => length));
  });

  it('that is not there is undefined', async () => {
    expect(await openContainerdImage('app:v2', options('app:v2', { CONTAINERD_ADDRESS: address }))).toBeUndefined();
    const elsewhere = { CONTAINERD_ADDRESS: address, CONTAINERD_NAMESPACE: 'k8s.io' };
    expect(await openContainerdImage(name, options(name, elsewhere))).toBeUndefined();
  });
});

describe('a containerd that cannot be asked', () => {
  it('for lack of ctr says what to install', async () => {
    const asked = openContainerdImage('app', options('app', { PATH: folder }));
    await expect(asked).rejects.toMatchObject({ code: 'environment.missing-tool', parameters: { tool: 'ctr' } });
  });

  it('says why', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'ctr'), '#!/bin/sh\necho "ctr: permission denied" >&2\nexit 1\n', { mode: 0o755 });
    const asked = openContainerdImage('app', options('app', { PATH: `${bin}:${process.env['PATH']}` }));
    const parameters = { engine: 'containerd', problem: said('ctr: permission denied') };
    await expect(asked).rejects.toMatchObject({ code: 'environment.engine', parameters });
  });
});

/** A containerd of the test's own, without the plugins that want a network. */
function startContainerd(address: string): ChildProcess {
  const at = (name: string): string => JSON.stringify(join(folder, name));
  const lines = [
    'version = 2',
    `root = ${at('root')}`,
    `state = ${at('state')}`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    `[grpc]\naddress = ${JSON.stringify(address)}`,
  ];
  const file = join(folder, 'containerd.toml');
  writeFileSync(file, lines.join('\n'));
  return spawn('containerd', ['--config', file], { stdio: 'ignore' });
}
