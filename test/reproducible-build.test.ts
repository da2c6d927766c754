import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestArchive, type ServedArchive, serveTestArchive } from '../src/repositories/apt/testing/test-archive.ts';
import { cli } from './cli/run.ts';

/**
 * What this recipe and these packages give, on every machine. It changes when the way changes in which images are made:
 * then every image gets a new digest, and the changelog says so.
 */
const golden = 'sha256:9e020425a89f09cfbfe0a3f6e34a6911f36466608ebcfff97b56bc61a174ce28';

const recipe = `
keys: [key.gpg]
packages: [tool]
users: [{ name: app, uid: 1000, home: /home/app }]
files:
  - { copy: project, to: /app }
  - { text: "ä\\n", to: /etc/motd }
  - { symlink: /app/run, to: /usr/bin/run }
  - { folder: /data, owner: app, mode: "0750" }
user: app
env: { B: 2, A: 1 }
entrypoint: [/app/run]
labels: { z: "1", a: "2" }
healthcheck: { command: [/app/run, --check], interval: 30s }
`;

const folder = mkdtempSync(join(tmpdir(), 'cinzel-reproducible-'));
let served: ServedArchive;

beforeAll(async () => {
  const archive = await makeTestArchive([
    {
      name: 'trixie',
      packages: [
        {
          name: 'tool',
          version: '1.0-1',
          fields: { Depends: 'library' },
          files: [{ name: 'usr/bin/tool', content: 'tool', mode: 0o755, mtime: 1_700_000_000 }],
        },
        {
          name: 'library',
          version: '2.0-1',
          files: [{ name: 'usr/lib/liblibrary.so.2', content: 'x'.repeat(70_000), mtime: 1_600_000_000 }],
        },
      ],
    },
    { name: 'trixie-updates' },
    { name: 'trixie-security' },
  ]);
  served = await serveTestArchive(archive);
  const project = join(folder, 'one/project');
  mkdirSync(join(project, 'ünïcode'), { recursive: true });
  writeFileSync(join(project, 'run'), '#!/bin/true\n');
  chmodSync(join(project, 'run'), 0o755);
  for (const name of ['b', 'a', 'Z', 'ünïcode/ç']) writeFileSync(join(project, name), name);
  writeFileSync(join(folder, 'one/cinzel.build.yaml'), recipe);
  writeFileSync(join(folder, 'one/key.gpg'), Buffer.from(archive.key.publicKey.data, 'base64'));
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

interface Machine {
  readonly name: string;
  readonly umask: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly uid?: number;
}

/** Builds as on a machine of this kind; gives the digest that is printed. */
async function buildOn({ name, umask, environment, uid }: Machine): Promise<string> {
  const home = join(folder, name);
  if (uid !== undefined) for (const path of [folder, home]) chownSync(path, uid, uid);
  const before = process.umask(umask);
  const words = [cli, 'build', '-o', 'oci:out', '--mirror', served.url, '--cache-dir', 'cache', '--quiet'];
  const child = spawn(process.execPath, words, {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, ...environment },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  process.umask(before);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return output.trim();
}

describe('two machines', () => {
  it('give the same image, which is the one that has always been given', async () => {
    const first = await buildOn({ name: 'one', umask: 0o022, environment: { TZ: 'UTC', LANG: 'C.UTF-8' } });
    expect(first).toMatch(/^sha256:/);
    const other = join(folder, 'two');
    cpSync(join(folder, 'one'), other, { recursive: true, filter: (path) => !/\/(cache|out)$/.test(path) });
    const lock = readFileSync(join(other, 'cinzel.lock.json'));
    utimesSync(join(other, 'project/run'), new Date(0), new Date(86_400_000));
    chmodSync(join(other, 'project/a'), 0o664);
    const second = await buildOn({
      name: 'two',
      umask: 0o077,
      environment: { TZ: 'Pacific/Apia', LC_ALL: 'tr_TR.UTF-8', SOURCE_DATE_EPOCH: '1000000000', USER: 'other' },
      ...(process.getuid?.() === 0 ? { uid: 65_534 } : {}),
    });
    expect(second).toBe(first);
    expect(readFileSync(join(other, 'cinzel.lock.json'))).toEqual(lock);
    expect(first).toBe(golden);
  });
});
