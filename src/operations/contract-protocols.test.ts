import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../image/testing/make-layout.ts';
import { recordAnswers } from './contract.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-protocols-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tools = ['bwrap', 'nsenter', 'setpriv', 'openssl'];
const possible = process.env['CI'] !== undefined || tools.every((tool) => spawnSync('which', [tool]).status === 0);

/** Node with what it loads, and a server of many protocols. */
function makeImage(): string {
  const node = process.execPath;
  const loaded = [...execFileSync('ldd', [node], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)];
  const libraries = loaded.map(([, path = '']) => ({ name: path.slice(1), content: readFileSync(path), mode: 0o755 }));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const self = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=test',
    '-keyout',
    key,
    '-out',
    certificate,
  ];
  execFileSync('openssl', self, { stdio: 'pipe' });
  const own = [
    { name: 'app/server.mjs', content: readFileSync(join(import.meta.dirname, 'testing/protocol-server.mjs')) },
    { name: 'app/key.pem', content: readFileSync(key) },
    { name: 'app/certificate.pem', content: readFileSync(certificate) },
  ];
  makeLayout(join(folder, 'image'), {
    layers: [
      makeLayer([{ name: 'usr/bin/node', content: readFileSync(node), mode: 0o755 }, ...libraries]),
      makeLayer(own),
    ],
    config: { Entrypoint: ['/usr/bin/node', '/app/server.mjs'], WorkingDir: '/app' },
  });
  return `oci:${join(folder, 'image')}`;
}

/** A store as redis is one: a line is asked, a line is answered. */
const store = `require('node:net').createServer((client) => {
  client.on('data', (line) => client.write(line.toString() === 'PING\\r\\n' ? '+PONG\\r\\n' : '-ERR\\r\\n')).on('error', () => {});
}).listen(6379)`;

describe.skipIf(!possible)('a contract plays', () => {
  let reference: string;
  beforeAll(() => {
    reference = makeImage();
  }, 60_000);
  const play = async (probes: readonly object[], more: object = {}) => {
    const contract = join(folder, 'contract.yaml');
    writeFileSync(contract, JSON.stringify({ ready: { tcp: 8443 }, ...more, probes }));
    const toolbox = testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') }, { environment: process.env });
    const request = { runtime: 'bubblewrap', hostNetwork: false, contract, trace: false } as const;
    const { recording, strength } = await recordAnswers(reference, request, toolbox);
    return { answers: recording.answers.map(({ name, fields }) => ({ name, ...fields })), strength };
  };

  it('WebSocket, TLS, HTTP/2 with and without TLS', async () => {
    const { answers } = await play([
      { websocket: '/chat', port: 8080, send: ['hello', 'x'.repeat(70_000)], receive: 2 },
      { websocket: '/none', port: 8080 },
      { http: '/', port: 8443, tls: true, compare: ['status', 'body'] },
      { http: '/', port: 8443, tls: true, version: '2', compare: ['status', 'body'] },
      { http: '/', port: 8081, version: '2', body: { a: 1 }, compare: ['status', 'body'] },
      { websocket: '/chat', port: 8443, tls: true, send: ['over TLS'] },
    ]);
    expect(answers).toMatchObject([
      { status: '101', accepted: 'yes', 'message 1': 'hello', 'message 2': 'x'.repeat(70_000) },
      { status: '404' },
      { status: '200', body: 'HTTP/1.1 GET' },
      { status: '200', body: 'HTTP/2.0 GET' },
      { status: '200', body: 'HTTP/2.0 POST {"a":1}' },
      { status: '101', 'message 1': 'over TLS' },
    ]);
  }, 60_000);

  it('a crawl and an OpenAPI document as requests', async () => {
    const { answers } = await play([
      { crawl: '/pages', port: 8080, compare: ['status'] },
      { openapi: '/openapi.json', port: 8080, compare: ['status', 'body'] },
    ]);
    expect(answers).toMatchObject([
      { name: 'GET :8080/pages', status: '200' },
      { name: 'GET :8080/pages/a', status: '200' },
      { name: 'GET :8080/missing', status: '404' },
      { name: 'GET :8080/pages/b?x=1', status: '302' },
      { status: '200', body: expect.stringContaining('"limit":') },
      { name: 'POST :8080/items', status: '201', body: expect.stringContaining('"name":') },
    ]);
  }, 60_000);

  it('beside a service that is a program of this machine', async () => {
    const service = { command: [process.execPath, '-e', store], ready: { tcp: 6379 } };
    const { answers } = await play(
      [
        { http: '/store', port: 8080, compare: ['body'] },
        { tcp: 6379, send: 'PING\r\n' },
      ],
      {
        services: { store: service },
      },
    );
    expect(answers).toMatchObject([{ body: '+PONG\r\n' }, { received: '+PONG\r\n' }]);
  }, 60_000);
});
