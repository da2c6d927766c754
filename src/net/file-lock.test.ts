import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withFileLock } from './file-lock.ts';
import { holdLock, startLocking } from './testing/hold-lock.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cinzel-lock-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Place {
  readonly folder: string;
  readonly lock: string;
  readonly counter: string;
}

function newPlace(): Place {
  const folder = mkdtempSync(join(root, 'case-'));
  writeFileSync(join(folder, 'counter'), '0');
  return { folder, lock: join(folder, 'lock'), counter: join(folder, 'counter') };
}

/** The name of an owner that runs no more: that of one that runs, with the id of a process that has ended. */
async function deadOwner(): Promise<string> {
  const { lock } = newPlace();
  const { pid } = spawnSync('true');
  return withFileLock(lock, async () => (readdirSync(lock)[0] ?? '').replace(`-${process.pid}-`, `-${pid}-`), {
    wait: 0,
  });
}

function lockAs(lock: string, owner: string): string {
  mkdirSync(lock);
  writeFileSync(join(lock, owner), '');
  return join(lock, owner);
}

async function nothing(): Promise<void> {}

describe('those that want the same lock', () => {
  it('have it one after the other in several processes, also when its owner was killed before', async () => {
    const { folder, lock, counter } = newPlace();
    const owner = await holdLock(lock);
    await owner.kill();
    expect(readdirSync(lock)).toHaveLength(1);
    const children = Array.from({ length: 5 }, () => startLocking(lock, counter, '12'));
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits).toEqual(children.map(() => [0, null]));
    expect(readFileSync(counter, 'utf8')).toBe('60');
    expect(readdirSync(folder)).toEqual(['counter']);
  });

  it('take it over at once from an owner that died, but only one of them', async () => {
    const { folder, lock } = newPlace();
    const owner = await deadOwner();
    for (let round = 0; round < 30; round++) {
      lockAs(lock, owner);
      let inside = 0;
      let most = 0;
      const job = async (): Promise<void> => {
        most = Math.max(most, ++inside);
        await sleep(1);
        inside--;
      };
      await Promise.all(Array.from({ length: 8 }, () => withFileLock(lock, job, { wait: 60_000 })));
      expect(most).toBe(1);
      expect(readdirSync(folder)).toEqual(['counter']);
    }
  });

  it('end when they waited for too long, or are told to', async () => {
    const { folder, lock } = newPlace();
    const stop = new AbortController();
    const owner = await holdLock(lock);
    await expect(withFileLock(lock, nothing, { wait: 120 })).rejects.toMatchObject({ code: 'environment.locked' });
    const waiting = withFileLock(lock, nothing, { wait: 60_000, signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(readdirSync(folder).sort()).toEqual(['counter', 'lock']);
    await owner.kill();
  });
});

describe.concurrent('an owner of another machine or container', () => {
  it('keeps the lock as long as it touches it', async () => {
    const { lock } = newPlace();
    const file = lockAs(lock, 'elsewhere-1-a');
    const heart = setInterval(() => utimesSync(file, Date.now() / 1000, Date.now() / 1000), 500);
    await expect(withFileLock(lock, nothing, { wait: 20_000 })).rejects.toMatchObject({ code: 'environment.locked' });
    clearInterval(heart);
    expect(readdirSync(lock)).toEqual(['elsewhere-1-a']);
  });

  it('loses it when it does not, however old the lock says that it is', async () => {
    const { folder, lock } = newPlace();
    const file = lockAs(lock, 'elsewhere-1-b');
    utimesSync(file, 0, 0);
    await expect(withFileLock(lock, nothing, { wait: 1_000 })).rejects.toMatchObject({ code: 'environment.locked' });
    await withFileLock(lock, nothing, { wait: 60_000 });
    expect(readdirSync(folder)).toEqual(['counter']);
  });
});

it('is touched while it is held', async () => {
  const { lock } = newPlace();
  const heldForLong = async (): Promise<void> => {
    const file = join(lock, readdirSync(lock)[0] ?? '');
    utimesSync(file, 0, 0);
    while (statSync(file).mtimeMs === 0) await sleep(50);
  };
  await withFileLock(lock, heldForLong, { wait: 0 });
});

it('is released by a job that fails', async () => {
  const { folder, lock } = newPlace();
  const failing = withFileLock(lock, () => Promise.reject(new Error('job')), { wait: 0 });
  await expect(failing).rejects.toThrow('job');
  expect(readdirSync(folder)).toEqual(['counter']);
});

it('clears away what was killed between its steps', async () => {
  const { folder, lock } = newPlace();
  const owner = await deadOwner();
  mkdirSync(lock);
  lockAs(`${lock}-${owner}`, owner);
  await withFileLock(lock, nothing, { wait: 0 });
  expect(readdirSync(folder)).toEqual(['counter']);
});

it.each([
  ['there is no folder for it', 'absent/lock', 'environment.write'],
  ['something else is in its place', 'counter', 'environment.write'],
])('says when %s', async (_name, path, code) => {
  const { folder } = newPlace();
  await expect(withFileLock(join(folder, path), nothing, { wait: 0 })).rejects.toMatchObject({ code });
});
