import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyNames } from '../src/distroless/recipes/index.ts';
import { build } from '../src/operations/build.ts';
import { loadRecipe } from '../src/operations/load-recipe.ts';
import { testToolbox } from '../src/operations/testing/test-toolbox.ts';
import { archiveAnswers } from './debian-mirror.ts';
import { type DockerEngine, hasDocker, startDocker } from './docker-engine.ts';

/*
 * Every ready recipe, built from the real archive, loaded into a real engine with `docker:`, and run: as the user that the
 * image says, with a read-only root. What has no program of its own gets one from a package.
 */

const folder = mkdtempSync(join(tmpdir(), 'cinzel-ready-'));
const possible = hasDocker() && (await archiveAnswers('trixie'));
const cache = join(folder, 'cache');
const lock = { frozen: false, update: false, allowExpired: false, allowEol: false, report: () => {} };
const minutes = 60_000;

let docker: DockerEngine;
let tls: Server;
let names: Socket;

beforeAll(async () => {
  if (!possible) return;
  mkdirSync(join(folder, 'docker'));
  [docker] = await Promise.all([startDocker(join(folder, 'docker')), serveTls(), serveNames()]);
}, 3 * minutes);

afterAll(async () => {
  if (possible) {
    tls.close();
    names.close();
    await docker.stop();
  }
  rmSync(folder, { recursive: true, force: true });
}, minutes);

/** Builds a recipe, ready or written out, and loads it; gives the name that the engine has for it. */
async function load(recipe: string, tag: string): Promise<string> {
  const toolbox = testToolbox({ 'cache.dir': cache, 'docker.host': docker.host });
  const name = `cinzel-test:${tag}`;
  try {
    await build(
      { recipe: await loadRecipe(recipe, {}), destination: `docker:${name}`, compression: 'none', lock },
      toolbox,
    );
  } finally {
    await toolbox.close();
  }
  return name;
}

function written(name: string, text: string): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return path;
}

const run = (...words: readonly string[]): Promise<string> =>
  docker.command('run', '--rm', '--network=host', '--read-only', '--tmpfs=/tmp', ...words);

/** A server whose certificate an authority of our own has signed. */
async function serveTls(): Promise<void> {
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  const subject = ['-newkey', 'rsa:2048', '-nodes', '-batch', '-days', '2'];
  openssl('req', '-x509', ...subject, '-subj', '/CN=Test Authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...subject, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-out',
    'server.pem',
  );
  const read = (name: string) => readFileSync(join(folder, name));
  tls = createServer({ key: read('server.key'), cert: read('server.pem') }, (socket) => {
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
}

const nameServer = '127.0.0.77';

/** Answers every question for an IPv4 address with 192.0.2.7, and any other with nothing (RFC 1035). */
async function serveNames(): Promise<void> {
  names = createSocket('udp4', (query, { port, address }) => {
    const end = query.indexOf(0, 12) + 5;
    const isA = query.readUInt16BE(end - 4) === 1;
    const head = Buffer.from(query.subarray(0, end));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(isA ? 1 : 0, 6);
    head.fill(0, 8, 12);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
    names.send(isA ? Buffer.concat([head, answer]) : head, port, address);
  });
  await new Promise<void>((resolve) => names.bind(53, nameServer, resolve));
  writeFileSync(join(folder, 'resolv.conf'), `nameserver ${nameServer}\n`);
}

it.runIf(process.env['CI'] === 'true')('has an engine and an archive', () => {
  expect(possible).toBe(true);
});

const pythonProgram = `
import sys, os, ssl, zoneinfo, datetime
skip = {"antigravity", "this", "tkinter", "turtle", "turtledemo", "idlelib", "msilib", "winreg", "winsound", "nt", "msvcrt",
  "ensurepip", "test", "_tkinter", "_gdbm", "_msi", "_wmi", "_overlapped", "_winapi", "_scproxy", "_ios_support", "_aix_support",
  "_osx_support", "_android_support"}
failed = []
for name in sorted(sys.stdlib_module_names - skip):
  try: __import__(name)
  except ImportError as error:
    if "win32" not in str(error): failed.append((name, str(error)))
print(os.getuid(), failed, datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("America/Sao_Paulo")).utcoffset(),
  len(ssl.create_default_context().get_ca_certs()) > 100)`;

const nodeProgram = `
const page = (url) => fetch(url).then((answer) => answer.text());
const server = require('http').createServer((_, answer) => answer.end('plain')).listen(0, '127.0.0.1', async () => {
  const day = new Intl.DateTimeFormat('pt-BR', { timeZone: 'America/Sao_Paulo' }).format(0);
  require('tls').connect({ port: +process.argv[1], host: '127.0.0.1', servername: 'localhost',
    ca: require('fs').readFileSync('/etc/ssl/certs/ca-certificates.crt') }, function () {
    const own = this.authorized;
    page('http://127.0.0.1:' + server.address().port).then((text) => {
      console.log(process.getuid(), text, day, own);
      process.exit();
    });
  });
});`;

const java = '/usr/lib/jvm/java-21-openjdk-amd64/bin';

describe.skipIf(!possible)('ready images run in an engine', () => {
  const port = (): string => String((tls.address() as { readonly port: number }).port);

  it(
    'static: a program without libraries',
    async () => {
      copyFileSync('/sbin/ldconfig', join(folder, 'ldconfig'));
      const image = await load(written('static', 'binary: ldconfig\n'), 'static');
      expect(await run(image, '--version')).toContain('ldconfig');
    },
    2 * minutes,
  );

  it(
    'base-nossl: users, services, time zones and names through the C library',
    async () => {
      const recipe =
        'from: base-nossl:nonroot\ndependencies: listed\npackages: ["libc-bin:{bins}", "coreutils:{bins}"]\n';
      const image = await load(written('base-nossl', recipe), 'base-nossl');
      const resolver = ['-v', `${join(folder, 'resolv.conf')}:/etc/resolv.conf:ro`];
      const ask = (...words: readonly string[]): Promise<string> =>
        run(...resolver, image, '/usr/bin/getent', ...words);
      expect(await ask('passwd', '65532')).toContain('nonroot:x:65532:65532:');
      expect(await ask('services', 'https')).toMatch(/https\s+443\/tcp/);
      expect(await ask('ahostsv4', 'www.cinzel.test')).toContain('192.0.2.7');
      expect(await run('-e', 'TZ=America/Sao_Paulo', image, '/usr/bin/date', '-d', '@0', '+%F %H %u')).toBe(
        '1969-12-31 21 3\n',
      );
    },
    2 * minutes,
  );

  it(
    'base: a TLS handshake that trusts the authority of the recipe, and no other',
    async () => {
      const text = 'from: base:nonroot\npackages: ["openssl:{bins,config}"]\n';
      const handshake = (image: string): Promise<string> =>
        run(
          image,
          '/usr/bin/openssl',
          's_client',
          '-connect',
          `127.0.0.1:${port()}`,
          '-servername',
          'localhost',
          '-CAfile',
          '/etc/ssl/certs/ca-certificates.crt',
          '-verify_return_error',
        );
      const trusting = await load(written('base', `${text}certificates: [ca.pem]\n`), 'base');
      expect(await handshake(trusting)).toContain('Verify return code: 0 (ok)');
      const other = await load(written('base-other', text), 'base-other');
      await expect(handshake(other)).rejects.toThrow(/verif/i);
    },
    2 * minutes,
  );

  it(
    'cc: a program in C++',
    async () => {
      const recipe =
        'from: cc:nonroot\ndependencies: listed\npackages: ["lzip:{bins}"]\nentrypoint: [/usr/bin/lzip.lzip]\n';
      expect(await run(await load(written('cc', recipe), 'cc'), '--version')).toContain('lzip');
    },
    2 * minutes,
  );

  it(
    'python3: every module of the standard library, time zones, certificates',
    async () => {
      const image = await load('python3:nonroot', 'python3');
      expect(await run(image, '-W', 'ignore', '-c', pythonProgram)).toBe('65532 [] -1 day, 21:00:00 True\n');
    },
    3 * minutes,
  );

  it(
    'nodejs: HTTP, TLS, time zones; and a healthcheck that tells well from ill',
    async () => {
      const recipe = [
        'from: nodejs:nonroot',
        'certificates: [ca.pem]',
        'healthcheck: { http: "http://127.0.0.1:18231/", interval: 1s, retries: 1 }',
        'files: [{ text: "require(`http`).createServer((_, a) => a.end()).listen(18231, `127.0.0.1`)", to: /app/up.js }]',
      ].join('\n');
      const image = await load(written('nodejs', recipe), 'nodejs');
      expect(await run(image, '-e', nodeProgram, port())).toBe('65532 plain 31/12/1969 true\n');
      expect(await health(image, ['/app/up.js'])).toBe('healthy');
      expect(await health(image, ['-e', 'setTimeout(() => {}, 1e6)'])).toBe('unhealthy');
    },
    4 * minutes,
  );

  it(
    'java: starts, and reads its keystore',
    async () => {
      const image = await load('java:nonroot', 'java');
      expect(await run('--entrypoint=/usr/bin/java', image, '-version')).toMatch(/openjdk version "21/);
      const listed = await run(
        `--entrypoint=${java}/keytool`,
        image,
        '-J-Xmx64m',
        '-list',
        '-cacerts',
        '-storepass',
        'changeit',
      );
      expect(listed).toMatch(/contains 1\d\d entries/);
    },
    4 * minutes,
  );

  it.each([
    [
      'ruby',
      [
        '-ropenssl',
        '-rjson',
        '-ryaml',
        '-rzlib',
        '-e',
        'puts Process.uid, OpenSSL::Digest::SHA256.hexdigest("")[0, 8], {a: 1}.to_json',
      ],
      '65532\ne3b0c442\n{"a":1}\n',
    ],
    [
      'php',
      [
        '-r',
        'date_default_timezone_set("America/Sao_Paulo"); echo getmyuid() >= 0, " ", date("Y-m-d", 0), " ", ctype_digit("7"), " ", json_encode([1]);',
      ],
      '1 1969-12-31 1 [1]',
    ],
    [
      'perl',
      ['-MPOSIX', '-MDigest::SHA=sha1_hex', '-MTime::Piece', '-e', 'print "$> ", sha1_hex(""), " ", floor(1.5)'],
      '65532 da39a3ee5e6b4b0d3255bfef95601890afd80709 1',
    ],
  ])(
    '%s: runs with its standard library',
    async (name, words, expected) => {
      expect(await run(await load(`${name}:nonroot`, name), ...words)).toBe(expected);
    },
    3 * minutes,
  );

  it(
    'nginx: serves a page as nobody special; a healthcheck without a runtime tells well from ill',
    async () => {
      // Another port than the recipe's own, which something else may have here.
      const server = 'server { listen 18080; root /usr/share/nginx/html; }';
      const served = `from: nginx\nfiles: [{ text: "${server}", to: /etc/nginx/conf.d/default.conf }]\n`;
      const well = `${served}healthcheck: { http: "http://127.0.0.1:18080/", interval: 1s, retries: 1 }\n`;
      const ill = `${served}healthcheck: { tcp: 9, interval: 1s, retries: 1 }\n`;
      const image = await load(written('nginx', well), 'nginx');
      const container = await start(image, []);
      try {
        expect(await (await page('http://127.0.0.1:18080/')).text()).toContain('Welcome to nginx');
        expect(await settled(container)).toBe('healthy');
        expect(await docker.command('top', container, '-o', 'pid,uid')).toMatch(/ 65532\n/);
      } finally {
        await docker.command('rm', '-f', container);
      }
      expect(await health(await load(written('nginx-ill', ill), 'nginx-ill'), [])).toBe('unhealthy');
      const open = `${served}healthcheck: { tcp: 18080, interval: 1s, retries: 1 }\n`;
      expect(await health(await load(written('nginx-open', open), 'nginx-open'), [])).toBe('healthy');
    },
    4 * minutes,
  );

  it('covers every ready recipe', () => {
    const run = ['static', 'base-nossl', 'base', 'cc', 'python3', 'nodejs', 'java', 'ruby', 'php', 'perl', 'nginx'];
    expect([...readyNames].sort()).toEqual(run.sort());
  });
});

async function start(image: string, words: readonly string[]): Promise<string> {
  const output = await docker.command('run', '-d', '--network=host', '--read-only', '--tmpfs=/tmp', image, ...words);
  return output.trim();
}

/** What the engine finds of a container's health once it knows. */
async function settled(container: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const state = (await docker.command('inspect', '-f', '{{.State.Health.Status}}', container)).trim();
    if (state !== 'starting' || attempt > 300) return state;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function health(image: string, words: readonly string[]): Promise<string> {
  const container = await start(image, words);
  try {
    return await settled(container);
  } finally {
    await docker.command('rm', '-f', container);
  }
}

async function page(url: string): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
