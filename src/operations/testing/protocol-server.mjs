import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createPlainHttp2, createSecureServer } from 'node:http2';
import { connect } from 'node:net';

const pages = {
  '/pages': '<a href="/pages/a">a</a> <img src=/missing> <a href="https://elsewhere.test/">out</a>',
  '/pages/a': '<a href="b?x=1">b</a> <a href="/pages">back</a>',
};
const document = {
  openapi: '3.0.3',
  info: { title: 'Items', version: '1' },
  paths: {
    '/items': {
      get: { parameters: [{ name: 'limit', in: 'query', required: true, schema: { type: 'integer', example: 2 } }] },
      post: {
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } } },
      },
    },
  },
  components: {
    schemas: { Item: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
  },
};

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const send = (status, headers, body) => response.writeHead(status, headers).end(body);
  const html = { 'content-type': 'text/html' };
  if (pathname in pages) return send(200, html, pages[pathname]);
  if (pathname === '/pages/b') return send(302, { location: '/pages' }, '');
  if (pathname === '/openapi.json') return send(200, { 'content-type': 'application/json' }, JSON.stringify(document));
  if (pathname === '/store') return askStore((line) => send(200, {}, line));
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString();
    if (pathname === '/items' && request.method === 'GET') send(200, {}, `{"limit":${searchParams.get('limit')}}`);
    else if (pathname === '/items') send(201, {}, body);
    else if (pathname === '/') send(200, {}, `HTTP/${request.httpVersion} ${request.method} ${body}`.trim());
    else send(404, {}, '');
  });
}

function askStore(done) {
  const socket = connect(6379, 'store', () => socket.write('PING\r\n'));
  socket.once('data', (line) => {
    done(line.toString());
    socket.destroy();
  });
  socket.once('error', ({ message }) => done(message));
}

/** Echoes masked messages, as long as 64 bits of length may say. */
function upgrade({ url, headers }, socket) {
  if (url !== '/chat') return socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const lines = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: Upgrade'];
  socket.write(`${[...lines, `sec-websocket-accept: ${accept.digest('base64')}`].join('\r\n')}\r\n\r\n`);
  let bytes = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part]);
    while (bytes.length > 2) {
      const short = bytes[1] & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < head) return;
      const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      const end = head + 4 + size;
      if (bytes.length < end) return;
      const mask = bytes.subarray(head, head + 4);
      const payload = bytes.subarray(head + 4, end).map((byte, index) => byte ^ mask[index % 4]);
      const start = Buffer.from(bytes.subarray(0, head));
      start[1] &= 0x7f;
      socket.write(Buffer.concat([start, payload]));
      bytes = bytes.subarray(end);
    }
  });
}

createServer(answer).on('upgrade', upgrade).listen(8080);
createPlainHttp2(answer).listen(8081);
const [key, cert] = ['key', 'certificate'].map((name) => readFileSync(`/app/${name}.pem`));
createSecureServer({ key, cert, allowHTTP1: true }, answer).on('upgrade', upgrade).listen(8443);
