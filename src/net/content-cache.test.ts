import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContentCache, openContentCache } from './content-cache.ts';

let folder = '';
let cache: ContentCache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cinzel-cache-'));
  cache = openContentCache(place(), { maxBytes: 1e9 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function place(): string {
  return join(folder, 'content');
}

/** Every file below the folder, by its path in it. */
function files(at = folder): readonly string[] {
  const entries = readdirSync(at, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function onlyFile(): string {
  const [path = '', ...more] = files();
  expect(more).toEqual([]);
  return path;
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

async function* chunks(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

describe('what is put under a key', () => {
  it.each(['layer/1/sha256:abc', '../../etc/passwd', '/etc/passwd', '', 'A key', '..', 'x'.repeat(300), 'a\0b'])(
    'is there again, and nowhere else: "%s"',
    async (key) => {
      expect(await cache.get(key)).toBeUndefined();
      await cache.put(key, Buffer.from('content'));
      expect(text(await cache.get(key))).toBe('content');
      expect(text(await openContentCache(place(), { maxBytes: 1e9 }).get(key))).toBe('content');
      expect(onlyFile().startsWith(join(place(), '/'))).toBe(true);
      expect(await cache.get(`${key} `)).toBeUndefined();
    },
  );

  it('may be nothing, and is replaced by what comes later', async () => {
    await cache.put('a/1', new Uint8Array());
    expect(text(await cache.get('a/1'))).toBe('');
    await cache.put('a/1', Buffer.from('more'));
    expect(text(await cache.get('a/1'))).toBe('more');
    expect(files()).toHaveLength(1);
  });

  it.each<[string, (path: string) => void]>([
    ['a changed byte', (path) => writeFileSync(path, changeByte(readFileSync(path), 3))],
    ['a changed hash', (path) => writeFileSync(path, changeByte(readFileSync(path), -1))],
    ['a cut end', (path) => truncateSync(path, statSync(path).size - 1)],
    ['a cut to less than a hash', (path) => truncateSync(path, 9)],
    ['an empty file', (path) => truncateSync(path, 0)],
    ['something added', (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]))],
    ['a folder in its place', putFolder],
  ])('is no hit with %s, and is healed by the next put if it can be', async (_name, damage) => {
    await cache.put('a/1', Buffer.from('content'));
    const path = onlyFile();
    damage(path);
    expect(await cache.get('a/1')).toBeUndefined();
    await cache.put('a/1', Buffer.from('content'));
    expect(text(await cache.get('a/1'))).toBe(statSync(path).isDirectory() ? undefined : 'content');
    expect(files().filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

function putFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

function newFile(): string {
  const path = join(folder, 'file');
  writeFileSync(path, 'x');
  return path;
}

function newLockedFolder(): string {
  mkdirSync(place(), { mode: 0o500 });
  return place();
}

function changeByte(bytes: Buffer, at: number): Buffer {
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes;
}

describe('what is streamed into it', () => {
  const digest = createHash('sha256').update('one two').digest('hex');

  it('is kept under the key that its hash has', async () => {
    await cache.putStream(chunks('one ', 'two'), (sha256) => `blob/${sha256}`);
    const file = await cache.openStream(`blob/${digest}`, digest);
    expect((await file?.read(Buffer.alloc(3), 0, 3, 4))?.buffer.toString()).toBe('two');
    await cache.prune({ maxBytes: 0 });
    expect((await file?.read(Buffer.alloc(3), 0, 3, 0))?.buffer.toString()).toBe('one');
    await file?.close();
  });

  it('is not kept when it is not what it should be, or does not come to its end', async () => {
    await cache.putStream(chunks('one ', 'two'), () => undefined);
    const failing = (async function* () {
      yield* chunks('one');
      throw new Error('cut');
    })();
    await expect(cache.putStream(failing, () => 'blob/x')).rejects.toThrow('cut');
    expect(files()).toEqual([]);
    await cache.putStream(chunks('other'), () => `blob/${digest}`);
    expect(await cache.openStream(`blob/${digest}`, digest)).toBeUndefined();
  });
});

describe('its size', () => {
  it('is told by kind', async () => {
    await cache.put('layer/1', Buffer.alloc(100));
    await cache.put('layer/2', Buffer.alloc(100));
    await cache.put('image/1', Buffer.alloc(10));
    expect(await cache.usage()).toEqual([
      { kind: 'image', entries: 1, bytes: 42 },
      { kind: 'layer', entries: 2, bytes: 264 },
    ]);
  });

  it('is brought down from what was not used for longest', async () => {
    for (const key of ['a/1', 'a/2', 'a/3']) {
      await cache.put(key, Buffer.alloc(1000, key));
      const path = files().find((name) => readFileSync(name).includes(key)) ?? '';
      utimesSync(path, Number(key.slice(2)) * 1000, Number(key.slice(2)) * 1000);
    }
    await cache.get('a/1');
    expect(await cache.prune({ maxBytes: 2100 })).toEqual({ entries: 1, bytes: 1032 });
    expect(await Promise.all(['a/1', 'a/2', 'a/3'].map((key) => cache.get(key)))).toMatchObject([
      { length: 1000 },
      undefined,
      { length: 1000 },
    ]);
    expect(await cache.prune({ usedBefore: new Date(0) })).toEqual({ entries: 0, bytes: 0 });
    expect((await cache.prune({ maxBytes: 0 })).entries).toBe(2);
    expect(files()).toEqual([]);
  });

  it('stays near the bound although each process writes little', async () => {
    const maxBytes = 200_000;
    for (let process = 0; process < 2_000; process++) {
      const own = openContentCache(place(), { maxBytes });
      await own.put(`a/${process}`, Buffer.alloc(1000, process));
    }
    const bytes = (await cache.usage())[0]?.bytes;
    expect(bytes).toBeGreaterThan(maxBytes / 2);
    expect(bytes).toBeLessThan(maxBytes * 2);
  });

  it('counts nothing of others, and pruning leaves it alone', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(join(outside, 'ab'), { recursive: true });
    const name = 'f'.repeat(64);
    writeFileSync(join(outside, 'ab', name), 'mine');
    mkdirSync(join(place(), 'layer', 'ab'), { recursive: true });
    mkdirSync(join(place(), 'Photos', '2024'), { recursive: true });
    writeFileSync(join(place(), 'Photos', '2024', 'cat.jpg'), 'mine');
    writeFileSync(join(place(), 'layer', 'ab', 'thesis.txt'), 'mine');
    writeFileSync(join(place(), 'notes'), 'mine');
    symlinkSync(outside, join(place(), 'linked'));
    symlinkSync(join(outside, 'ab'), join(place(), 'layer', 'cd'));
    symlinkSync(join(outside, 'ab', name), join(place(), 'layer', 'ab', name));
    const before = files();
    expect(await cache.usage()).toEqual([]);
    expect(await cache.prune({ maxBytes: 0 })).toEqual({ entries: 0, bytes: 0 });
    expect(files()).toEqual(before);
  });
});

describe('a place that cannot be used', () => {
  it.each<[string, () => string]>([
    ['a file', () => newFile()],
    ['below a file', () => join(newFile(), 'content')],
    ['a device', () => '/dev/null'],
    ['a folder without permission', () => newLockedFolder()],
  ])('is a cache without content: %s', async (_name, make) => {
    const useless = openContentCache(make(), { maxBytes: 1000 });
    await useless.put('a/1', Buffer.from('x'));
    await useless.putStream(chunks('x'), () => 'a/2');
    const isRoot = process.getuid?.() === 0 && existsSync(place());
    expect(text(await useless.get('a/1'))).toBe(isRoot ? 'x' : undefined);
    await useless.prune({ maxBytes: 0 });
    expect(await useless.usage()).toEqual([]);
    if (existsSync(place())) chmodSync(place(), 0o700);
  });
});

describe('several processes', () => {
  function start(rounds: number, maxBytes: number): ChildProcess {
    const script = new URL('testing/caching-process.ts', import.meta.url).pathname;
    const words = ['--import', 'tsx', script, place(), String(rounds), String(maxBytes)];
    return spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it.each([1e9, 100_000])('never see what another has half written or pruned, with %d bytes', async (maxBytes) => {
    const children = Array.from({ length: 4 }, () => start(600, maxBytes));
    expect(await Promise.all(children.map((child) => once(child, 'exit')))).toEqual(children.map(() => [0, null]));
    expect(files().filter((name) => name.endsWith('.part'))).toEqual([]);
    const entries = (await cache.usage())[0]?.entries;
    expect(entries).toBeGreaterThan(0);
    expect(entries).toBeLessThanOrEqual(12);
  });

  it('that are killed leave only what is pruned like the rest', async () => {
    const child = start(1_000_000, 1e9);
    while (files().length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let index = 0; index < 12; index++) {
      const key = `layer/${index}`;
      const found = text(await cache.get(key));
      if (found !== undefined) expect(found).toBe(Buffer.alloc(20_000, key).toString());
    }
    await cache.prune({ maxBytes: 0 });
    expect(files()).toEqual([]);
  });
});
