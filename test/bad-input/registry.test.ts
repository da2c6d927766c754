import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OsvServer, startOsvServer } from '../../src/advisories/testing/osv-server.ts';
import type { TestServer } from '../../src/net/testing/serve.ts';
import {
  digestOf,
  type HostileRegistry,
  indexType,
  type ManifestJson,
  type Misdeed,
  makeImage,
  manifestType,
  startHostileRegistry,
} from './registry-server.ts';
import { createDesk, type Desk, type Ended, expectAnswer, expectFault } from './started-command.ts';

const image = makeImage();
let osv: OsvServer;
let desk: Desk;
const open: TestServer[] = [];

beforeAll(async () => {
  osv = await startOsvServer();
  osv.publish('PyPI', [
    {
      id: 'PYSEC-2024-1',
      modified: '2024-01-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'PyPI', name: 'demo' }, versions: ['1.0'] }],
    },
  ]);
});
afterAll(() => osv.close());
afterEach(async () => {
  desk.close();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

interface Visit {
  readonly registry: HostileRegistry;
  readonly scan: (...words: readonly string[]) => Promise<Ended>;
}

/** A registry that does this, and the command with nothing in its caches. */
async function visit(misdeed?: Misdeed, files = image): Promise<Visit> {
  const registry = await startHostileRegistry(files, misdeed);
  desk = createDesk({ CINZEL_FEEDS: 'osv', CINZEL_FEED_OSV: osv.url });
  open.push(registry);
  return {
    registry,
    scan: (...words) => desk.run('scan', `registry:${registry.host}/app:v1`, '-o', 'json', ...words),
  };
}

/** Makes the command know a user name and a password for the host. */
function logIn(host: string): string {
  const auth = Buffer.from('user:secret').toString('base64');
  mkdirSync(desk.at('home', '.docker'));
  writeFileSync(desk.at('home', '.docker', 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  return `Basic ${auth}`;
}

function expectDemo(ended: Ended): void {
  const { packages, findings, image: found, diagnostics } = expectAnswer(ended);
  expect(packages).toMatchObject([{ name: 'demo', version: '1.0' }]);
  expect(findings).toMatchObject([{ id: 'PYSEC-2024-1' }]);
  expect(found.layers).toMatchObject([{ verified: 'read' }]);
  expect(diagnostics).toEqual([]);
}

it('is scanned when it behaves', async () => {
  const { scan } = await visit();
  expectDemo(await scan());
});

describe('a registry that refuses', () => {
  it.each([401, 403])('with %i: says who, and how to log in', async (status) => {
    const { scan, registry } = await visit((_, response) => Boolean(response.writeHead(status).end()));
    expectFault(await scan(), 3, new RegExp(`${registry.host} refused access`), /Log in/);
  });

  it.each([401, 403, 400, 500])('to give a token, with %i', async (status) => {
    const { scan, registry } = await visit((request, response) => {
      if (request.url?.startsWith('/token') === true) return Boolean(response.writeHead(status).end());
      const challenge = `Bearer realm="http://${request.headers.host}/token",service="s"`;
      return Boolean(response.writeHead(401, { 'www-authenticate': challenge }).end());
    });
    expectFault(await scan(), 3, status === 500 ? /answered with status 500/ : new RegExp(`${registry.host} refused`));
  });

  it('a wrong password, which it is sent once', async () => {
    const { scan, registry } = await visit((_, response) =>
      Boolean(response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()),
    );
    const basic = logIn(registry.host);
    expectFault(await scan(), 3, new RegExp(`${registry.host} refused access`), /Log in/);
    expect(registry.askedFor('/manifests/v1').map(({ authorization }) => authorization)).toEqual([undefined, basic]);
  });

  it.each([
    ['file:///etc/passwd', /names no token service/],
    ['', /names no token service/],
  ])('with a challenge that leads nowhere: "%s"', async (realm, sentence) => {
    const { scan } = await visit((_, response) =>
      Boolean(response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end()),
    );
    expectFault(await scan(), 4, sentence);
  });

  it('with 404: says what was not found', async () => {
    const { scan, registry } = await visit((_, response) => Boolean(response.writeHead(404).end('<html>')));
    expectFault(await scan(), 3, new RegExp(`${registry.host}/app:v1 was not found`));
  });
});

/** Does a misdeed to requests whose path ends so, as often as told, and counts them. */
function to(ending: string, misdeed: Misdeed, times = Number.POSITIVE_INFINITY): Misdeed {
  let count = 0;
  return (request, response, asked) =>
    asked.path.endsWith(ending) && ++count <= times && misdeed(request, response, asked);
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): Misdeed {
  return (_, response) => Boolean(response.writeHead(code, headers).end());
}

describe('a registry in trouble', () => {
  it('is asked again after the time that it names', async () => {
    const { scan, registry } = await visit(to('/manifests/v1', status(429, { 'retry-after': '1' }), 2));
    expectDemo(await scan());
    const times = registry.askedFor('/manifests/v1').map(({ at }) => at);
    expect(times).toHaveLength(3);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThan(990);
  });

  it.each([429, 500, 503])('with %i: is asked a few times, and then named', async (code) => {
    const { scan, registry } = await visit(to('/manifests/v1', status(code)));
    expectFault(await scan(), 3, new RegExp(`${registry.host}.* answered with status ${code}`));
    expect(registry.askedFor('/manifests/v1')).toHaveLength(4);
  });

  it.each([429, 503])('with %i that wants to be asked in an hour is named at once', async (code) => {
    const { scan, registry } = await visit(to('/manifests/v1', status(code, { 'retry-after': '3600' })));
    const sentence = new RegExp(`${registry.host}.* answered with status ${code}`);
    expectFault(await scan(), 3, sentence, /asked again in 3600 seconds/);
    expect(registry.askedFor('/manifests/v1')).toHaveLength(1);
  });

  it('for a layer is asked again too', async () => {
    const { scan, registry } = await visit(to(image.layerDigest, status(502), 2));
    expectDemo(await scan());
    expect(registry.askedFor(image.layerDigest)).toHaveLength(3);
  });

  it.each([
    ['before it answers', '/manifests/v1', () => true, /did not answer in time/],
    [
      'in the middle of a layer',
      image.layerDigest,
      (_: unknown, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': image.layer.length });
        return response.write(image.layer.subarray(0, 1000)) || true;
      },
      /stopped sending/,
    ],
  ])('that hangs %s is given up', async (_name, path, misdeed, sentence) => {
    const { scan } = await visit(to(path, misdeed));
    expectFault(await scan('--timeout', '1'), 3, sentence, /network/);
  });

  it('that hangs can be left at any time', async () => {
    const { registry } = await visit(to('/manifests/v1', () => true));
    const { child, ended } = desk.start('scan', `registry:${registry.host}/app:v1`);
    while (registry.askedFor('/manifests/v1').length === 0) await sleep(20);
    child.kill('SIGINT');
    expectFault(await ended, 130, /Interrupted/);
  });

  it('that is not there is named', async () => {
    const { scan, registry } = await visit();
    await registry.close();
    expectFault(
      await scan(),
      3,
      new RegExp(`${registry.host}.* could not be reached: nothing listens there`),
      /network/,
    );
  });

  it('that cuts each answer is asked for the rest', async () => {
    const piece = 30_000;
    const { scan, registry } = await visit(
      to(image.layerDigest, (_, response, { range }) => cutAfter(response, piece, range)),
    );
    expectDemo(await scan());
    const pieces = Math.ceil(image.layer.length / piece);
    expect(pieces).toBeGreaterThan(3);
    expect(registry.askedFor(image.layerDigest).map(({ range }) => range)).toEqual(
      Array.from({ length: pieces }, (_, index) => (index === 0 ? undefined : `bytes=${index * piece}-`)),
    );
  });

  it('that cuts and knows no ranges is asked for all again', async () => {
    const { scan } = await visit(
      to(image.layerDigest, (_, response) => cutAfter(response, image.layer.length - 10, undefined), 2),
    );
    expectDemo(await scan());
  });

  it('that never gets further is given up', async () => {
    const { scan } = await visit(
      to(image.layerDigest, (_, response, { range }) => cutAfter(response, range === undefined ? 1000 : 0, range)),
    );
    expectFault(await scan(), 3, /could not be reached: .*(?:cut|ended after)/);
  });
});

/** Promises the rest of the layer and breaks off after some of it. */
function cutAfter(response: ServerResponse, count: number, range: string | undefined): boolean {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const { length } = image.layer;
  response.writeHead(start === 0 ? 200 : 206, {
    'content-length': length - start,
    ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${length - 1}/${length}` }),
  });
  response.write(image.layer.subarray(start, start + count), () => response.socket?.destroySoon());
  return true;
}

describe('a registry that lies', () => {
  const other = Buffer.alloc(image.layer.length, 7);

  it.each<[string, string, Misdeed, RegExp]>([
    ['about a layer', image.layerDigest, (_, response) => sent(response, other), /malformed|digest/],
    [
      'about the end of a layer',
      image.layerDigest,
      (_, response) => sent(response, Buffer.concat([image.layer.subarray(0, -9), Buffer.alloc(9)])),
      /digest|malformed|too early/,
    ],
    [
      'with a shorter layer',
      image.layerDigest,
      (_, response) => sent(response, image.layer.subarray(0, 99)),
      /should have \d+ bytes and has 99/,
    ],
    [
      'with a longer layer',
      image.layerDigest,
      (_, response) => sent(response, Buffer.concat([image.layer, other])),
      /should have \d+ bytes/,
    ],
    ['with a layer without end', image.layerDigest, endless, /malformed|should have/],
    [
      'about the configuration',
      image.configDigest,
      (_, response) => sent(response, Buffer.from('{}')),
      /should have \d+ bytes and has 2/,
    ],
    [
      'about the digest of a manifest',
      '/manifests/v1',
      (_, response) => sent(response, image.manifest, { 'docker-content-digest': digestOf(other) }),
      /manifest v1 does not have the digest/,
    ],
    [
      'with a page in the place of a manifest',
      '/manifests/v1',
      (_, response) => sent(response, Buffer.from('<html>')),
      /manifest.* is malformed/,
    ],
    [
      'with an empty manifest',
      '/manifests/v1',
      (_, response) => sent(response, Buffer.alloc(0)),
      /manifest.* is malformed/,
    ],
    ['with a manifest without end', '/manifests/v1', endless, /over the limit "documentBytes"/],
    [
      'with a part that nobody asked for',
      image.layerDigest,
      (_, response) => sent(response, image.layer, { 'content-range': 'bytes 5-9/10' }, 206),
      /another part/,
    ],
  ])('%s', async (_name, path, misdeed, sentence) => {
    const { scan } = await visit(to(path, misdeed));
    expectFault(await scan(), 4, sentence);
    expect(readdirSync(desk.folder)).not.toContain('db');
  });

  it('about a manifest that was asked for by its digest', async () => {
    const { registry } = await visit();
    const digest = digestOf(image.manifest);
    registry.files.set(`manifests/${digest}`, { bytes: Buffer.from('{"schemaVersion":2}'), type: manifestType });
    expectFault(
      await desk.run('scan', `registry:${registry.host}/app@${digest}`),
      4,
      /does not have the digest/,
      /trust/,
    );
  });

  it.each<[string, (manifest: ManifestJson) => void, RegExp]>([
    [
      'a layer of petabytes',
      ({ layers: [layer] }) => Object.assign(layer ?? {}, { size: 2 ** 50 }),
      /over the limit "layerBytes"/,
    ],
    [
      'a configuration of gigabytes',
      ({ config }) => Object.assign(config, { size: 2 ** 32 }),
      /over the limit "documentBytes"/,
    ],
    ['a negative size', ({ config }) => Object.assign(config, { size: -1 }), /malformed/],
    [
      'a digest that is none',
      ({ config }) => Object.assign(config, { digest: 'sha256:../../etc/passwd' }),
      /malformed/,
    ],
    ['layers that are none', (manifest) => Object.assign(manifest, { layers: { __proto__: null } }), /malformed/],
    [
      'an artifact',
      ({ config }) => Object.assign(config, { mediaType: 'application/vnd.cncf.helm.config.v1+json' }),
      /is not a container image/,
    ],
    [
      'an old schema',
      (manifest) =>
        Object.assign(manifest, {
          schemaVersion: 1,
          mediaType: 'application/vnd.docker.distribution.manifest.v1+json',
        }),
      /not supported|malformed/,
    ],
  ])('by a manifest with %s', async (_name, change, sentence) => {
    const { scan } = await visit(undefined, makeImage(change));
    expectFault(await scan(), 4, sentence);
  });

  it('by indexes that never end', async () => {
    const { scan, registry } = await visit();
    let next = { bytes: image.manifest, type: manifestType };
    for (let depth = 0; depth < 10; depth++) {
      const manifests = [{ mediaType: next.type, digest: digestOf(next.bytes), size: next.bytes.length }];
      registry.files.set(`manifests/${digestOf(next.bytes)}`, next);
      const json = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
      next = { bytes: Buffer.from(json), type: indexType };
    }
    registry.files.set('manifests/v1', next);
    expectFault(await scan(), 4, /indexes are nested too deeply/);
    expect(registry.asked.length).toBeLessThan(12);
  });

  it('by redirects that never end', async () => {
    const { scan, registry } = await visit(
      to(image.layerDigest, (_, response, { path }) => Boolean(response.writeHead(307, { location: path }).end())),
    );
    expectFault(await scan(), 3, /redirects without end/);
    expect(registry.asked.length).toBeLessThan(30);
  });
});

function sent(
  response: ServerResponse,
  bytes: Buffer,
  headers: Readonly<Record<string, string>> = {},
  code = 200,
): boolean {
  response.writeHead(code, { 'content-length': bytes.length, ...headers }).end(bytes);
  return true;
}

const endless: Misdeed = (_, response) => {
  response.writeHead(200, { 'content-type': manifestType });
  const piece = Buffer.alloc(1 << 20, ' ');
  const push = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', push);
  push();
  return true;
};

describe('what the registry may know', () => {
  /** Another server that remembers who asked. */
  async function witness(answer: Misdeed): Promise<HostileRegistry> {
    const server = await startHostileRegistry(image, answer);
    open.push(server);
    return server;
  }

  it('stays with it when it sends us elsewhere', async () => {
    const elsewhere = await witness((_, response, { path }) =>
      path === '/layer' ? sent(response, image.layer) : false,
    );
    const { scan, registry } = await visit((_, response, { path, authorization }) => {
      if (authorization === undefined)
        return Boolean(response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end());
      return (
        path.endsWith(image.layerDigest) &&
        Boolean(response.writeHead(307, { location: `${elsewhere.url}/layer` }).end())
      );
    });
    const basic = logIn(registry.host);
    expectDemo(await scan());
    expect(registry.askedFor(image.layerDigest).at(-1)?.authorization).toBe(basic);
    expect(elsewhere.asked.map(({ authorization, path }) => [authorization, path])).toEqual([[undefined, '/layer']]);
  });

  it('is not given to the place that it sends us to, even when that asks', async () => {
    const elsewhere = await witness(status(401, { 'www-authenticate': 'Basic realm="r"' }));
    const { scan, registry } = await visit(to(image.layerDigest, status(302, { location: `${elsewhere.url}/x` })));
    logIn(registry.host);
    expectFault(await scan(), 3, new RegExp(`${elsewhere.host} refused access`));
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('goes to its token service, and the token to the registry alone', async () => {
    const issuer = await witness((_, response) => sent(response, Buffer.from('{"token":"abc"}')));
    const elsewhere = await witness((_, response) => sent(response, image.layer));
    const { scan, registry } = await visit((_, response, { path, authorization }) => {
      if (authorization !== 'Bearer abc') {
        const challenge = `Bearer realm="${issuer.url}/token",service="s",scope="repository:app:pull"`;
        return Boolean(response.writeHead(401, { 'www-authenticate': challenge }).end());
      }
      return path.endsWith(image.layerDigest) && Boolean(response.writeHead(307, { location: elsewhere.url }).end());
    });
    const basic = logIn(registry.host);
    expectDemo(await scan());
    expect(issuer.asked.map(({ authorization }) => authorization)).toEqual([basic]);
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(registry.asked.map(({ authorization }) => authorization)).not.toContain(basic);
  });

  it('does not follow a token service to another host', async () => {
    const elsewhere = await witness((_, response) => sent(response, Buffer.from('{"token":"abc"}')));
    const issuer = await witness((_, response, { path }) =>
      Boolean(response.writeHead(307, { location: `${elsewhere.url}${path}` }).end()),
    );
    const { scan, registry } = await visit(
      (_, response, { authorization }) =>
        authorization === undefined &&
        Boolean(response.writeHead(401, { 'www-authenticate': `Bearer realm="${issuer.url}/token"` }).end()),
    );
    const basic = logIn(registry.host);
    expectDemo(await scan());
    expect(issuer.asked.map(({ authorization }) => authorization)).toEqual([basic]);
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it('is not taken from one host for another', async () => {
    const { scan, registry } = await visit(status(401, { 'www-authenticate': 'Basic realm="r"' }));
    logIn('127.0.0.1:1');
    expectFault(await scan(), 3, /refused access/);
    expect(registry.asked.every(({ authorization }) => authorization === undefined)).toBe(true);
  });
});

it('is not asked at all, and no feed either, when the network is forbidden', async () => {
  const { scan, registry } = await visit();
  osv.requests.length = 0;
  expectFault(await scan('--offline'), 3, new RegExp(`${registry.host}/app:v1 needs the network`), /--offline/);
  expectDemo(await scan());
  registry.asked.length = 0;
  osv.requests.length = 0;
  for (const words of [['scan'], ['sbom'], ['copy']]) {
    const [command = '', ...more] = words;
    const ended = await desk.run(
      command,
      `registry:${registry.host}/app:v1`,
      ...(command === 'copy' ? ['oci:copy'] : more),
      '--offline',
    );
    expectFault(ended, 3, /needs the network/);
  }
  expectFault(await desk.run('db', 'update', '--offline', '--only', 'osv:PyPI'), 3, /needs the network/);
  expect([registry.asked, osv.requests]).toEqual([[], []]);
});
