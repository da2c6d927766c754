import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import { sha256 } from '../../core/digest.ts';
import type { ProgressEvent } from '../../core/progress.ts';
import { openContentCache } from '../../net/content-cache.ts';
import { createHttpClient } from '../../net/http-client.ts';
import { serve, type TestServer } from '../../net/testing/serve.ts';
import { type DownloadOptions, downloadDeb, type WantedDeb } from './download.ts';
import { memoryCache } from './testing/open-test-archive.ts';
import { makeTestArchive, writeTestArchive } from './testing/test-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-download-'));
afterAll(() => rmSync(folder, { recursive: true }));

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
const wanted: WantedDeb = {
  name: 'tool',
  version: '2.0-1',
  source: 'tool-source',
  sourceVersion: '2.0-1',
  archive: 'main',
  filename: 'pool/main/t/tool/tool_2.0-1_amd64.deb',
  size: content.length,
  sha256: sha256(content).slice(7),
  published: 'Sat, 01 Jun 2024 08:00:00 UTC',
};

interface Asked {
  readonly path: string;
  readonly range?: string | undefined;
  readonly authorization?: string | undefined;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A mirror whose nth answer is the nth of these, the last one from then on. */
async function mirror(
  ...answers: readonly ((response: ServerResponse, from: number) => void)[]
): Promise<{ readonly server: TestServer; readonly asked: Asked[]; readonly options: DownloadOptions }> {
  const asked: Asked[] = [];
  const server = await serve((request, response) => {
    const { range, authorization } = request.headers;
    asked.push({ path: request.url ?? '', range, authorization });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    answer?.(response, Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0));
  });
  const http = createHttpClient({ retries: 0, timeouts: { headers: 20_000, body: 500 } });
  closing.push(async () => http.close(), server.close);
  const mirrors = { main: `${server.url}/debian`, security: `${server.url}/security`, origin: 'given' } as const;
  const options = { mirrors, http, cache: memoryCache(), context: createContext(), sleep: async () => {} };
  return { server, asked, options };
}

async function hashOf(deb: WantedDeb, options: DownloadOptions): Promise<string> {
  return sha256(await downloadDeb(deb, options)).slice(7);
}

function whole(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': content.length }).end(content);
}

function rest(response: ServerResponse, from: number): void {
  const range = `bytes ${from}-${content.length - 1}/${content.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': content.length - from });
  response.end(content.subarray(from));
}

/** So many bytes, and the connection breaks. */
function cutAfter(bytes: number): (response: ServerResponse, from: number) => void {
  return (response, from) => {
    const head = { 'content-length': content.length - from };
    if (from === 0) response.writeHead(200, head);
    else response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
    response.write(content.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 20));
  };
}

describe('downloadDeb', () => {
  it('fetches, verifies and keeps', async () => {
    const { asked, options } = await mirror(whole);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
    expect(asked.map(({ path }) => path)).toEqual(['/debian/pool/main/t/tool/tool_2.0-1_amd64.deb']);
  });

  it('goes on where the connection was cut, again and again', async () => {
    const { asked, options } = await mirror(cutAfter(100_000), cutAfter(50_000), cutAfter(1), rest);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=150000-', 'bytes=150001-']);
  });

  it('begins anew where the server gives only the whole', async () => {
    const { asked, options } = await mirror(cutAfter(100_000), whole);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
    expect(asked).toHaveLength(2);
  });

  it('begins anew where the server has no such range', async () => {
    const { options } = await mirror(cutAfter(100_000), (response) => response.writeHead(416).end(), whole);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
  });

  it('goes on after a server that stopped sending', async () => {
    const hang = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 5_000));
    };
    const { asked, options } = await mirror(hang, rest);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
    expect(asked[1]?.range).toBe('bytes=5000-');
  });

  it('fetches the whole once more when the pieces do not fit together', async () => {
    const other = (response: ServerResponse, from: number): void => {
      response.writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
      response.end(Buffer.alloc(content.length - from));
    };
    const { options } = await mirror(cutAfter(100_000), other, whole);
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
  });

  it('gives up on a server that brings nothing', async () => {
    const { asked, options } = await mirror((response) => response.destroy());
    await expect(downloadDeb(wanted, options)).rejects.toMatchObject({ code: 'environment.network', exitCode: 3 });
    expect(asked).toHaveLength(2);
  });

  it('keeps nothing that does not fit its hash', async () => {
    const damaged = Buffer.from(content);
    damaged[9] = 1;
    const { options } = await mirror((response) => response.end(damaged), whole);
    await expect(downloadDeb(wanted, options)).rejects.toMatchObject({ code: 'untrusted.digest', exitCode: 4 });
    expect(await hashOf(wanted, options)).toBe(wanted.sha256);
  });

  it('stops at the size that the index gives', async () => {
    const { options } = await mirror((response) => response.end(Buffer.concat([content, content])));
    await expect(downloadDeb(wanted, options)).rejects.toMatchObject({ code: 'untrusted.size', exitCode: 4 });
  });

  it.each([
    ['main', 'https://snapshot.debian.org/archive/debian/20240601T140000Z/pool/main/t/tool/tool_2.0-1_amd64.deb'],
    [
      'security',
      'https://snapshot.debian.org/archive/debian-security/20240601T140000Z/pool/main/t/tool/tool_2.0-1_amd64.deb',
    ],
  ])('names the snapshot of what the %s archive no longer has', async (archive, snapshot) => {
    const { options } = await mirror((response) => response.writeHead(404).end());
    await expect(downloadDeb({ ...wanted, archive }, options)).rejects.toMatchObject({
      code: 'environment.superseded',
      exitCode: 3,
      parameters: { package: 'tool 2.0-1', snapshot },
    });
  });

  it("names the source's page where the time of the index is not known", async () => {
    const { options } = await mirror((response) => response.writeHead(404).end());
    const { published: _, ...undated } = { ...wanted, sourceVersion: '1:2.0-1' };
    const snapshot = 'https://snapshot.debian.org/package/tool-source/1%3A2.0-1/';
    await expect(downloadDeb(undated, options)).rejects.toMatchObject({ parameters: { snapshot } });
  });

  it('reads from the cache without the network, and says what is missing there', async () => {
    const { options, server } = await mirror(whole);
    const cache = openContentCache(join(folder, 'cache'), { maxBytes: 1 << 30 });
    await downloadDeb(wanted, { ...options, cache });
    await server.close();
    const offline = { ...options, cache, http: createHttpClient({ offline: true }) };
    expect(await hashOf(wanted, offline)).toBe(wanted.sha256);
    const other = { ...wanted, sha256: 'b'.repeat(64) };
    await expect(downloadDeb(other, offline)).rejects.toMatchObject({ code: 'environment.offline', exitCode: 3 });
  });

  it('shows a password to the host that it is for, and to nobody in messages', async () => {
    const { options, asked, server } = await mirror((response) => response.writeHead(500).end());
    const credential = { protocols: ['http'], host: server.host, path: '/debian', authorization: 'Basic c2VjcmV0' };
    const mirrors = { ...options.mirrors, credentials: [credential] };
    const failure: unknown = await downloadDeb(wanted, { ...options, mirrors }).catch((error: unknown) => error);
    expect(String(failure)).not.toContain('c2VjcmV0');
    expect(asked[0]?.authorization).toBe('Basic c2VjcmV0');
    await downloadDeb({ ...wanted, archive: 'security' }, { ...options, mirrors }).catch(() => {});
    expect(asked[1]?.authorization).toBeUndefined();
  });

  it('says how far it is', async () => {
    const { options } = await mirror(whole);
    const events: ProgressEvent[] = [];
    await downloadDeb(wanted, { ...options, context: createContext({ progress: (event) => events.push(event) }) });
    expect(events[0]).toEqual({ kind: 'archive', address: options.mirrors.main });
    expect(events[1]).toMatchObject({ kind: 'start', what: 'download', name: 'tool 2.0-1', total: content.length });
    expect(events.at(-2)).toMatchObject({ kind: 'advance', done: content.length });
    expect(events.at(-1)).toMatchObject({ kind: 'end' });
  });

  it('ends at once when it is interrupted', async () => {
    const { options } = await mirror((response) => response.writeHead(200).write('x'));
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(new Error('interrupted')), 50);
    const context = createContext({ signal: interrupt.signal });
    await expect(downloadDeb(wanted, { ...options, context })).rejects.toThrow();
  });

  it('reads from a folder', async () => {
    const archive = await makeTestArchive([{ name: 'stable', packages: [{ name: 'a+b', version: '1:2~rc1' }] }]);
    const root = join(folder, 'a folder with %41');
    writeTestArchive(archive, root);
    const [filename, bytes] = [...archive.files].find(([path]) => path.endsWith('.deb')) ?? ['', Buffer.alloc(0)];
    const { options } = await mirror();
    const mirrors = { ...options.mirrors, main: pathToFileURL(root).href };
    const deb = { ...wanted, filename, size: bytes.length, sha256: sha256(bytes).slice(7) };
    expect(await hashOf(deb, { ...options, mirrors })).toBe(deb.sha256);
    const gone = { ...deb, filename: 'pool/none.deb', sha256: 'a'.repeat(64) };
    await expect(downloadDeb(gone, { ...options, mirrors })).rejects.toMatchObject({ code: 'environment.superseded' });
  });
});
