import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface RealRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  close(): Promise<void>;
}

export interface RealRegistryOptions {
  /** The `auth` part of its configuration, as YAML flow. */
  readonly auth?: string;
  readonly tls?: { readonly key: string; readonly certificate: string };
}

/** Whether Debian's docker-registry and skopeo are here. */
export function hasRegistryTools(): boolean {
  try {
    execFileSync('docker-registry', ['--version'], { stdio: 'ignore' });
    execFileSync('skopeo', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts Debian's docker-registry (distribution 2.8) with a store of its own. */
export async function startDockerRegistry({ auth, tls }: RealRegistryOptions = {}): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const certificates = tls === undefined ? '' : `, tls: {certificate: ${tls.certificate}, key: ${tls.key}}`;
  const configuration = [
    'version: 0.1',
    'log: {level: error}',
    `storage: {filesystem: {rootdirectory: ${folder}/data}}`,
    `http: {addr: "${host}"${certificates}}`,
    ...(auth === undefined ? [] : [`auth: ${auth}`]),
  ];
  writeFileSync(join(folder, 'config.yml'), configuration.join('\n'));
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await answering(`${tls === undefined ? 'http' : 'https'}://${host}`);
  return {
    host,
    close: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      // A certificate that is not trusted is an answer too.
      const { code } = (error as { cause?: NodeJS.ErrnoException }).cause ?? {};
      if (code !== 'ECONNREFUSED') return;
      await pause(25);
    }
  }
  throw new Error(`no registry at ${url}`);
}
