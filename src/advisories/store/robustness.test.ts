import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../net/file-lock.ts';
import type { AdvisoryStore, PartWrite } from '../store.ts';
import { sampleAdvisory } from '../testing/sample-advisory.ts';
import { openStore } from './open-store.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cinzel-store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(readOnly: boolean, at = directory): Promise<AdvisoryStore> {
  return openStore(at, { readOnly, exclusive: (_path, write) => write() });
}

function part(prefix: string, count: number, details = ''): PartWrite {
  const advisories = Array.from({ length: count }, (_, index) => sampleAdvisory(`${prefix}-${index}`, { details }));
  return { feed: 'osv', part: 'PyPI', feedVersion: 1, advisories, cursor: {}, updatedAt: '2024-01-01T00:00:00Z' };
}

function writer(name: string, count: number, ...more: readonly string[]): ChildProcess {
  const script = new URL('../testing/write-part.ts', import.meta.url).pathname;
  return spawn(process.execPath, ['--import', 'tsx', script, directory, name, String(count), ...more], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function fill(write: PartWrite): Promise<void> {
  const store = await open(false);
  await store.replace(write);
  await store.close();
}

async function ids(readOnly = true): Promise<readonly string[]> {
  const store = await open(readOnly);
  const found = store.find('PyPI', 'demo').flatMap(({ affected }) => affected().map(({ id }) => id));
  // Reading the first and last record touches the other half of the store.
  for (const id of [found.at(0), found.at(-1)]) if (id !== undefined) expect(store.get(id)?.id).toBe(id);
  await store.close();
  return found;
}

describe('an update that is killed', () => {
  it.each([0, 60, 200, 450])('leaves the old state, %i ms after it began', async (delay) => {
    await fill(part('OLD', 50));
    const child = writer('PyPI', 200_000);
    if (child.stdout) await once(child.stdout, 'data');
    await sleep(delay);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await ids()).toHaveLength(50);
    expect((await ids()).every((id) => id.startsWith('OLD-'))).toBe(true);
    const size = statSync(join(directory, 'advisories.mdb')).size;
    await fill(part('NEXT', 50));
    expect((await ids()).every((id) => id.startsWith('NEXT-'))).toBe(true);
    expect(statSync(join(directory, 'advisories.mdb')).size).toBeLessThanOrEqual(Math.max(size, 1_000_000));
  });
});

it('reads the old state while another process writes, and the new one afterwards', async () => {
  await fill(part('OLD', 50));
  const child = writer('PyPI', 10_000);
  if (child.stdout) await once(child.stdout, 'data');
  const exit = once(child, 'exit');
  let reads = 0;
  while (child.exitCode === null) {
    const seen = await ids();
    expect([50, 10_000]).toContain(seen.length);
    reads += 1;
    await sleep(5);
  }
  await exit;
  expect(reads).toBeGreaterThan(1);
  expect(await ids()).toHaveLength(10_000);
});

describe('two updates at once', () => {
  it('wait for each other and are both there afterwards', async () => {
    const children = [writer('PyPI', 5_000), writer('Other', 5_000)];
    expect(await Promise.all(children.map(exitOf))).toEqual([0, 0]);
    const store = await open(true);
    expect(store.parts().map(({ part: name, records }) => [name, records])).toEqual([
      ['Other', 5_000],
      ['PyPI', 5_000],
    ]);
    expect(store.find('PyPI', 'demo').map(({ affected }) => affected().length)).toEqual([5_000, 5_000]);
    await store.close();
  });

  it('never leave half a part, even where the lock does not hold', async () => {
    await fill(part('OLD', 50));
    const children = Array.from({ length: 3 }, () => writer('PyPI', 8_000, 'unlocked'));
    await Promise.all(children.map(exitOf));
    const seen = await ids();
    expect([50, 8_000]).toContain(seen.length);
    const store = await open(true);
    expect(store.ids('osv', 'PyPI')).toHaveLength(seen.length);
    await store.close();
  });

  it('end with an error for the one that waited too long', async () => {
    const path = join(directory, 'write.lock');
    const waits = {
      readOnly: false,
      exclusive: (lock: string, write: () => Promise<void>) => withFileLock(lock, write, { wait: 100 }),
    };
    const store = await openStore(directory, waits);
    const meanwhile = (): Promise<void> =>
      expect(store.replace(part('A', 1))).rejects.toMatchObject({ code: 'environment.locked' });
    await withFileLock(path, meanwhile, { wait: 0 });
    await store.replace(part('A', 1));
    await store.close();
  });
});

describe('a file that is no whole store', () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['garbage', (path) => writeFileSync(path, Buffer.alloc(100_000, 'garbage'))],
    ['an empty file', (path) => writeFileSync(path, '')],
    ['a short file', (path) => writeFileSync(path, 'x')],
    ['one cut in its header', (path) => truncateSync(path, 5_000)],
    ['one cut in the middle', (path) => truncateSync(path, 40_960)],
    ['one cut by a byte', (path) => truncateSync(path, statSync(path).size - 1)],
    [
      'one with another magic number',
      (path) => {
        const bytes = readFileSync(path);
        bytes.writeUInt32LE(0, 24);
        writeFileSync(path, bytes);
      },
    ],
  ];
  it.each(damages)('is refused with a clear error: %s', async (_name, damage) => {
    await fill(part('A', 500, 'text '.repeat(100)));
    const path = join(directory, 'advisories.mdb');
    damage(path);
    for (const readOnly of [true, false]) {
      await expect(open(readOnly)).rejects.toMatchObject({ code: 'untrusted.store', parameters: { path } });
    }
  });

  it('is an error and not a store without advisories when its pages are overwritten', async () => {
    await fill(part('A', 2_000, 'text '.repeat(100)));
    const path = join(directory, 'advisories.mdb');
    const bytes = readFileSync(path);
    bytes.fill(0x20, 8_192);
    writeFileSync(path, bytes);
    await expect(ids()).rejects.toMatchObject({ code: 'untrusted.store' });
  });
});

it('says that there is no store when there is none, and makes none', async () => {
  const absent = join(directory, 'absent');
  await expect(open(true, absent)).rejects.toMatchObject({ code: 'environment.no-store' });
  expect(existsSync(absent)).toBe(false);
});

describe.skipIf(process.getuid?.() !== 0 && !process.env['CI'])('on a small disk', () => {
  it('reports the full disk and keeps the old state', async () => {
    const mount = join(directory, 'small');
    mkdirSync(mount);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', mount]);
    try {
      const store = await open(false, mount);
      await store.replace(part('OLD', 20));
      const random = Array.from({ length: 20_000 }, () => Math.random().toString(36)).join('');
      await expect(store.replace(part('NEW', 400, random))).rejects.toMatchObject({ code: 'environment.disk-full' });
      expect(store.get('OLD-1')?.id).toBe('OLD-1');
      expect(store.part('osv', 'PyPI')?.records).toBe(20);
      await store.close();
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});
