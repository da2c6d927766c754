import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpClient } from './http.ts';
import { createHttpClient, type HttpClientOptions } from './http-client.ts';
import { makeCertificate } from './testing/certificate.ts';
import { serve, type TestServer } from './testing/serve.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((item) => item.close()));
});

function client(options: HttpClientOptions = {}): HttpClient & { readonly waits: number[] } {
  const waits: number[] = [];
  const made = createHttpClient({ sleep: async (wait) => void waits.push(wait), ...options });
  open.push(made);
  return Object.assign(made, { waits });
}

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

async function server(
  answer: Answer,
  tls?: Parameters<typeof serve>[1],
): Promise<TestServer & { readonly requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const made = await serve((request, response) => {
    requests.push(request);
    answer(request, response, requests.length);
  }, tls);
  open.push(made);
  return Object.assign(made, { requests });
}

const fault = (code: string, parameters: object = {}): unknown =>
  expect.objectContaining({ code, parameters: expect.objectContaining(parameters) });

describe('answers', () => {
  it('gives status, lower-case headers and body', async () => {
    const { url } = await server((_, response) => response.setHeader('X-Two', ['a', 'b']).end('body'));
    const response = await client().request(`${url}/path?query`);
    expect(response).toMatchObject({ status: 200, url: `${url}/path`, headers: { 'x-two': 'a, b' } });
    expect(await response.text(4)).toBe('body');
  });

  it('bounds the body that is read whole', async () => {
    const { url } = await server((_, response) => response.end('12345'));
    const response = await client().request(url);
    await expect(response.bytes(4)).rejects.toThrow(fault('untrusted.limit', { value: 4 }));
  });

  it.each([
    [404, 'environment.http'],
    [401, 'environment.unauthorized'],
    [403, 'environment.unauthorized'],
    [304, 'environment.http'],
  ])('throws for status %i, unless it is expected', async (status, code) => {
    const { url } = await server((_, response) => response.writeHead(status).end());
    await expect(client().request(url)).rejects.toThrow(fault(code));
    expect((await client().request(url, { accept: [status] })).status).toBe(status);
  });

  it('notices a body that is cut', async () => {
    const { url } = await server((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345', () => response.destroy());
    });
    const response = await client().request(url);
    await expect(response.bytes(100)).rejects.toThrow(fault('environment.network'));
  });

  it('notices a body in chunks that is cut', async () => {
    const { url } = await server((_, response) => {
      response.write('12345', () => response.destroy());
    });
    const response = await client().request(url);
    await expect(response.bytes(100)).rejects.toThrow(fault('environment.network'));
  });

  it('gives up on a body that stops coming', async () => {
    const { url } = await server((_, response) => void response.write('12345'));
    const response = await client({ timeouts: { body: 50 } }).request(url);
    await expect(response.bytes(100)).rejects.toThrow(fault('environment.network', { problem: 'stopped-sending' }));
  });

  it('gives up on a server that never answers, and does not ask it again', async () => {
    const { url, requests } = await server(() => {});
    await expect(client({ timeouts: { headers: 50 } }).request(url)).rejects.toThrow(
      fault('environment.network', { problem: 'no-answer' }),
    );
    expect(requests).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const { url } = await server((_, response) => void response.write('1'));
    const controller = new AbortController();
    const response = await client().request(url, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(response.bytes(100)).rejects.toBe(reason);
    await expect(client().request(url, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('sends bodies, streamed ones too', async () => {
    const { url } = await server((request, response) => void request.pipe(response));
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      yield Buffer.from('b');
    }
    const http = client();
    expect(await (await http.request(url, { method: 'POST', body: 'text' })).text(10)).toBe('text');
    expect(await (await http.request(url, { method: 'PUT', body: parts() })).text(10)).toBe('ab');
  });

  it('does not show what an address keeps secret', async () => {
    const { host } = await server((_, response) => response.writeHead(404).end());
    const asked = client().request(`http://user:word@${host}/path?signature=secret`);
    await expect(asked).rejects.toThrow(fault('environment.http', { url: `http://${host}/path` }));
  });

  it('talks to Unix sockets, also offline', async () => {
    const socketPath = join(mkdtempSync(join(tmpdir(), 'cinzel-socket-')), 'socket');
    const listening = createServer((request, response) => response.end(request.url));
    await new Promise<void>((resolve) => listening.listen(socketPath, resolve));
    open.push({ close: async () => void listening.close() });
    const response = await client({ offline: true }).request('http://engine/_ping', { socketPath });
    expect(await response.text(10)).toBe('/_ping');
    await expect(client().request('http://engine/', { socketPath: `${socketPath}.not` })).rejects.toThrow(
      fault('environment.network', { problem: 'no-such-socket' }),
    );
  });

  it('asks nobody when it is offline', async () => {
    const { url, requests } = await server((_, response) => response.end());
    await expect(client({ offline: true }).request(url)).rejects.toThrow(fault('environment.offline'));
    expect(requests).toHaveLength(0);
  });

  it.each(['file:///etc/passwd', 'not an address', 'ftp://127.0.0.1/'])('refuses "%s"', async (url) => {
    await expect(client().request(url)).rejects.toThrow(fault('environment.network'));
  });
});

describe('asking again', () => {
  it.each([429, 500, 502, 503, 504])('tries again after status %i', async (status) => {
    const { url } = await server((_, response, count) => response.writeHead(count < 3 ? status : 200).end());
    const http = client();
    expect((await http.request(url)).status).toBe(200);
    expect(http.waits).toHaveLength(2);
  });

  it('waits longer each time, with some chance in it', async () => {
    const { url } = await server((_, response) => response.writeHead(503).end());
    const http = client({ retries: 4 });
    await expect(http.request(url)).rejects.toThrow(fault('environment.http', { status: 503 }));
    expect(http.waits).toHaveLength(4);
    http.waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(250 * 2 ** index);
      expect(wait).toBeLessThanOrEqual(500 * 2 ** index);
    });
  });

  it.each([
    ['7', 7000],
    ['30', 30_000],
    [new Date(Date.now() - 5000).toUTCString(), 0],
  ])('honours Retry-After: %s', async (value, wait) => {
    const { url } = await server((_, response, count) =>
      response.writeHead(count === 1 ? 429 : 200, { 'retry-after': value }).end(),
    );
    const http = client();
    await http.request(url);
    expect(http.waits).toEqual([wait]);
  });

  it.each([
    ['31', 31],
    ['1000000000000', 1_000_000_000_000],
    [new Date(Date.UTC(2037, 9, 21)).toUTCString(), expect.any(Number)],
  ])('gives up at once when it is to wait for longer than it would: %s', async (value, retryAfter) => {
    const { url } = await server((_, response) => response.writeHead(429, { 'retry-after': value }).end());
    const http = client();
    await expect(http.request(url)).rejects.toThrow(fault('environment.http', { status: 429, retryAfter }));
    expect(http.waits).toEqual([]);
  });

  it('gives up a server that always wants to be asked again', async () => {
    const { url, requests } = await server((_, response) => response.writeHead(503, { 'retry-after': '1' }).end());
    await expect(client().request(url)).rejects.toThrow(fault('environment.http', { status: 503, retryAfter: 1 }));
    expect(requests).toHaveLength(4);
  });

  it('tries again when the connection breaks before the answer', async () => {
    const { url } = await server((request, response, count) => {
      if (count === 1) request.socket.destroy();
      else response.end('there');
    });
    expect(await (await client().request(url)).text(10)).toBe('there');
  });

  it('tries again when nothing listens, then says so', async () => {
    const gone = await serve(() => {});
    await gone.close();
    const http = client();
    await expect(http.request(gone.url)).rejects.toThrow(fault('environment.network', { problem: 'nothing-listens' }));
    expect(http.waits).toHaveLength(3);
  });

  it.each(['POST', 'PATCH'] as const)('never repeats %s', async (method) => {
    const { url, requests } = await server((_, response) => response.writeHead(503).end());
    await expect(client().request(url, { method, body: 'x' })).rejects.toThrow(fault('environment.http'));
    expect(requests).toHaveLength(1);
  });

  it('never repeats a body that was streamed', async () => {
    const { url, requests } = await server((request, response) => {
      request.resume().on('end', () => response.writeHead(503).end());
    });
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x');
    }
    await expect(client().request(url, { method: 'PUT', body: body() })).rejects.toThrow(fault('environment.http'));
    expect(requests).toHaveLength(1);
  });
});

describe('redirects', () => {
  it('follows, and keeps the authorization within the origin', async () => {
    const { url, requests } = await server((request, response) =>
      request.url === '/a' ? response.writeHead(302, { location: '/b' }).end() : response.end('there'),
    );
    const response = await client().request(`${url}/a`, { authorization: 'Bearer secret' });
    expect(response.url).toBe(`${url}/b`);
    expect(requests.map((request) => request.headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
  });

  it('leaves the authorization behind for good once the origin changes', async () => {
    let back = '';
    const other = await server((_, response) => response.writeHead(307, { location: back }).end());
    const first = await server((request, response) =>
      request.url === '/a' ? response.writeHead(307, { location: `${other.url}/x` }).end() : response.end(),
    );
    back = `${first.url}/b`;
    const headers = { cookie: 'c=1', accept: 'x/y' };
    await client().request(`${first.url}/a`, { authorization: 'Bearer secret', headers });
    const seen = [...first.requests, ...other.requests].map(({ url, headers: { authorization, cookie, accept } }) => ({
      url,
      authorization,
      cookie,
      accept,
    }));
    expect(seen).toEqual([
      { url: '/a', authorization: 'Bearer secret', cookie: 'c=1', accept: 'x/y' },
      { url: '/b', authorization: undefined, cookie: undefined, accept: 'x/y' },
      { url: '/x', authorization: undefined, cookie: undefined, accept: 'x/y' },
    ]);
  });

  it('ends when there is no end', async () => {
    const { url, requests } = await server((_, response) => response.writeHead(302, { location: '/' }).end());
    await expect(client().request(url)).rejects.toThrow(fault('environment.network', { problem: 'endless-redirects' }));
    expect(requests).toHaveLength(11);
  });

  it.each(['file:///etc/passwd', 'http://[', 'javascript:1'])('does not follow to %s', async (location) => {
    const { url } = await server((_, response) => response.writeHead(302, { location }).end());
    await expect(client().request(url)).rejects.toThrow(fault('environment.http', { status: 302 }));
  });

  it('does not turn a POST into something else', async () => {
    const { url, requests } = await server((_, response) => response.writeHead(302, { location: '/b' }).end());
    await expect(client().request(url, { method: 'POST', body: 'x' })).rejects.toThrow(fault('environment.http'));
    expect(requests).toHaveLength(1);
  });

  it('does not leave TLS, unless for a host that is named', async () => {
    const { key, cert, file } = makeCertificate();
    const plain = await server((_, response) => response.end('plain'));
    const secure = await server((_, response) => response.writeHead(302, { location: plain.url }).end(), { key, cert });
    const options = { caFiles: [file] };
    await expect(client(options).request(secure.url)).rejects.toThrow(
      fault('environment.network', { problem: 'redirect-leaves-tls' }),
    );
    const trusting = client({ ...options, insecureHosts: [plain.host] });
    expect(await (await trusting.request(secure.url)).text(10)).toBe('plain');
  });
});

describe('certificates', () => {
  const { key, cert, file } = makeCertificate();
  const secure = (): ReturnType<typeof server> => server((_, response) => response.end('secure'), { key, cert });

  it('refuses one that it cannot verify, at once', async () => {
    const { url } = await secure();
    const http = client();
    await expect(http.request(url)).rejects.toThrow(
      fault('environment.network', { problem: 'certificate-self-signed' }),
    );
    expect(http.waits).toEqual([]);
  });

  it.each<[string, (host: string) => HttpClientOptions]>([
    ['a given file', () => ({ caFiles: [file] })],
    ['NODE_EXTRA_CA_CERTS', () => ({ environment: { NODE_EXTRA_CA_CERTS: file } })],
    ['SSL_CERT_FILE', () => ({ environment: { SSL_CERT_FILE: file } })],
    ['the host being named as insecure', (host) => ({ insecureHosts: [host] })],
    ['the host without its port being named as insecure', () => ({ insecureHosts: ['127.0.0.1'] })],
  ])('trusts it because of %s', async (_, options) => {
    const { url, host } = await secure();
    expect(await (await client(options(host)).request(url)).text(10)).toBe('secure');
  });

  it('does not trust it because another host is insecure', async () => {
    const { url } = await secure();
    await expect(client({ insecureHosts: ['127.0.0.1:1', 'example.com'] }).request(url)).rejects.toThrow(
      fault('environment.network'),
    );
  });

  it('names a file of certificates that cannot be read', async () => {
    const { url } = await secure();
    await expect(client({ caFiles: ['/no/such.pem'] }).request(url)).rejects.toThrow(
      fault('environment.read', { path: '/no/such.pem' }),
    );
  });
});

it('refuses a file that holds no certificate', async () => {
  const { url } = await server((_, response) => response.end());
  const path = fileURLToPath(import.meta.url);
  await expect(client({ caFiles: [path] }).request(url)).rejects.toThrow(fault('untrusted.malformed', { what: path }));
});

describe('proxies', () => {
  /** A forward proxy: whole addresses for plain HTTP, CONNECT for TLS. */
  async function proxy(status = 200): Promise<TestServer & { readonly seen: string[] }> {
    const seen: string[] = [];
    const listening = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
      plainRequest(request.url ?? '', { headers: request.headers }, (answer) => answer.pipe(response)).end();
    });
    const sockets = new Set<Socket>();
    listening.on('connect', (request: IncomingMessage, socket: Socket) => {
      seen.push(`CONNECT ${request.url}`);
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      sockets.add(socket).add(target);
      for (const end of [socket, target]) end.on('error', () => {});
      target.pipe(socket).pipe(target);
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(listening.address() as { port: number }).port}`;
    const made = {
      url: `http://${host}`,
      host,
      seen,
      close: async () => {
        for (const socket of sockets) socket.destroy();
        listening.closeAllConnections();
        listening.close();
      },
    };
    open.push(made);
    return made;
  }

  it('hands plain HTTP to the proxy, with its own credentials', async () => {
    const { host, seen } = await proxy();
    const { url } = await server((_, response) => response.end('there'));
    const response = await client({ environment: { HTTP_PROXY: `http://u:p@${host}` } }).request(`${url}/x`);
    expect(await response.text(10)).toBe('there');
    expect(seen).toEqual([`GET ${url}/x Basic ${Buffer.from('u:p').toString('base64')}`]);
  });

  it('tunnels TLS through the proxy, and still checks the certificate', async () => {
    const { key, cert, file } = makeCertificate();
    const { url: httpsProxy, seen } = await proxy();
    const { url, host } = await server((_, response) => response.end('there'), { key, cert });
    const environment = { https_proxy: httpsProxy };
    expect(await (await client({ environment, caFiles: [file] }).request(url)).text(10)).toBe('there');
    expect(seen).toEqual([`CONNECT ${host}`]);
    await expect(client({ environment }).request(url)).rejects.toThrow(fault('environment.network'));
  });

  it('says when the proxy refuses', async () => {
    const { url: httpsProxy } = await proxy(407);
    const asked = client({ environment: { HTTPS_PROXY: httpsProxy } }).request('https://127.0.0.1:9/');
    await expect(asked).rejects.toThrow(
      fault('environment.network', { url: 'https://127.0.0.1:9/', problem: 'proxy-login', proxy: httpsProxy }),
    );
  });

  it('says when the proxy cannot reach the host', async () => {
    const { url: httpsProxy } = await proxy(502);
    const asked = client({ environment: { HTTPS_PROXY: httpsProxy } }).request('https://127.0.0.1:9/');
    await expect(asked).rejects.toThrow(
      fault('environment.network', { problem: { kind: 'proxy-refuses', status: 502 }, proxy: httpsProxy }),
    );
  });

  it.each([
    ['http://user:secret@127.0.0.1:9', 'nothing-listens', 'http://127.0.0.1:9'],
    ['http://user:secret@:::', 'proxy-address', ':::'],
  ])('names a proxy that cannot be used, without its secrets: %s', async (named, problem, proxy) => {
    const asked = client({ environment: { HTTPS_PROXY: named } }).request('https://127.0.0.1:1/');
    await expect(asked).rejects.toThrow(fault('environment.network', { problem, proxy }));
  });

  it('goes directly where NO_PROXY says so', async () => {
    const { url: httpProxy, seen } = await proxy();
    const { url } = await server((_, response) => response.end('there'));
    const environment = { HTTP_PROXY: httpProxy, NO_PROXY: '127.0.0.0/8' };
    expect(await (await client({ environment }).request(url)).text(10)).toBe('there');
    expect(seen).toEqual([]);
  });
});
