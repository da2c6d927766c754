import { execFile, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from '../src/operations/build.ts';
import { loadRecipe } from '../src/operations/load-recipe.ts';
import { testToolbox } from '../src/operations/testing/test-toolbox.ts';
import { archiveAnswers } from './debian-mirror.ts';

/*
 * The ready recipes of Debian 12, built from the real archive, unpacked by umoci and run in bubblewrap; those of Debian 13
 * are in ready-images.test.ts. What has no program of its own gets one from a package.
 */

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'cinzel-run-'));
mkdirSync(join(folder, 'roots'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache') });
const lock = { frozen: false, update: false, allowExpired: false, allowEol: false, report: () => {} };

/** Builds a recipe, ready or of a file, and unpacks it with umoci; gives its root. */
async function rootOf(name: string): Promise<string> {
  const tag = basename(name).replace(':', '-');
  const root = join(folder, 'roots', tag);
  if (existsSync(root)) return join(root, 'rootfs');
  const recipe = await loadRecipe(name, {});
  await build({ recipe, destination: `oci:${join(folder, 'layout')}:${tag}`, compression: 'none', lock }, toolbox);
  await run('umoci', ['unpack', '--image', `${join(folder, 'layout')}:${tag}`, root]);
  return join(root, 'rootfs');
}

function written(name: string, text: string): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** Options of bubblewrap: the root read-only, a user without rights, no network but its own loopback. */
function sandbox(root: string): readonly string[] {
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  const words =
    '--proc /proc --dev /dev --tmpfs /tmp --unshare-all --uid 65532 --gid 65532 --die-with-parent --clearenv ' +
    `--setenv LANG C.UTF-8 --setenv PATH /usr/bin:/busybox --setenv SSL_CERT_FILE ${certificates}`;
  return ['--ro-bind', root, '/', ...words.split(' ')];
}

async function runIn(name: string, command: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run('bwrap', [...sandbox(await rootOf(name)), ...command], { maxBuffer: 2 ** 24 });
  return stdout + stderr;
}

function hasTools(): boolean {
  const isRoot = process.getuid?.() === 0;
  return isRoot && ['bwrap', 'umoci', 'ldconfig'].every((tool) => canRun(tool));
}

function canRun(tool: string): boolean {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const possible = hasTools() && (await archiveAnswers('bookworm'));
const minutes = 60_000;

it.runIf(process.env['CI'] === 'true')('has what it takes to run images', () => {
  expect(possible).toBe(true);
});

describe.skipIf(!possible)('built images run', () => {
  it(
    'python3: the standard library, users, names, time zones, TLS',
    async () => {
      const program = [
        'import ctypes.util, pkgutil, pwd, socket, ssl, sys, zoneinfo, datetime',
        'skip = {"antigravity", "this", "tkinter", "turtle", "turtledemo", "idlelib", "lib2to3", "msilib", "winreg", "winsound",',
        '  "nt", "msvcrt", "ensurepip", "test", "distutils", "_tkinter", "_msi", "_wmi", "_overlapped", "_winapi", "_scproxy"}',
        'names = sorted(n for n in sys.stdlib_module_names if n not in skip)',
        'failed = []',
        'for n in names:',
        '  try: __import__(n)',
        '  except ImportError as e:',
        '    if "win32" not in str(e) and not n.startswith("_"): failed.append((n, str(e)))',
        'print(len(names), failed, pwd.getpwuid(65532).pw_name, socket.getservbyname("https"),',
        '  datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("America/Sao_Paulo")).utcoffset(),',
        '  len(ssl.create_default_context().get_ca_certs()) > 100)',
      ].join('\n');
      const output = await runIn('python3-debian12', ['/usr/bin/python3', '-W', 'ignore', '-c', program]);
      expect(output).toMatch(/^\d{3} \[\] nonroot 443 -1 day, 21:00:00 True\n$/);
    },
    5 * minutes,
  );

  it(
    'nodejs: HTTP, TLS and time zones',
    async () => {
      const program = `
      const http = require('http');
      const server = http.createServer((_, answer) => answer.end('served')).listen(0, '127.0.0.1', async () => {
        const text = await (await fetch('http://127.0.0.1:' + server.address().port)).text();
        const day = new Intl.DateTimeFormat('pt-BR', { timeZone: 'America/Sao_Paulo' }).format(0);
        console.log(text, day, require('tls').rootCertificates.length > 100);
        process.exit();
      });`;
      expect(await runIn('nodejs-debian12', ['/usr/bin/node', '-e', program])).toBe('served 31/12/1969 true\n');
    },
    5 * minutes,
  );

  it.each([
    [
      'ruby',
      [
        'ruby',
        '-ropenssl',
        '-rjson',
        '-ryaml',
        '-rzlib',
        '-e',
        'puts OpenSSL::Digest::SHA256.hexdigest("")[0, 8], [1].to_json',
      ],
      'e3b0c442\n[1]\n',
    ],
    [
      'php',
      [
        'php',
        '-r',
        'date_default_timezone_set("America/Sao_Paulo"); echo date("Y-m-d", 0), ctype_digit("7"), json_encode([1]);',
      ],
      '1969-12-311[1]',
    ],
    [
      'perl',
      ['perl', '-MPOSIX', '-MDigest::SHA=sha1_hex', '-e', 'print sha1_hex(""), floor(1.5)'],
      'da39a3ee5e6b4b0d3255bfef95601890afd807091',
    ],
    ['java', ['java', '-version'], 'openjdk version "17.'],
    [
      'java',
      ['/usr/lib/jvm/java-17-openjdk-amd64/bin/keytool', '-J-Xmx64m', '-list', '-cacerts', '-storepass', 'changeit'],
      /contains 1\d\d entries/,
    ],
  ] as const)(
    '%s: runs with its standard library (%#)',
    async (name, [program, ...words], expected) => {
      const command = program.startsWith('/') ? program : `/usr/bin/${program}`;
      const output = await runIn(`${name}-debian12:nonroot`, ['--setenv', 'LC_ALL', 'C', command, ...words]);
      expect(output).toEqual(
        typeof expected === 'string' ? expect.stringContaining(expected) : expect.stringMatching(expected),
      );
    },
    5 * minutes,
  );

  it(
    'static, base-nossl, base and cc: programs that need no more',
    async () => {
      copyFileSync('/sbin/ldconfig', join(folder, 'ldconfig'));
      const fixed = written('static', 'distribution: debian12\nbinary: ldconfig\n');
      expect(await runIn(fixed, ['/app/ldconfig', '--version'])).toContain('ldconfig');
      const listed = 'dependencies: listed\npackages';
      const names = written('nossl', `from: base-nossl-debian12:nonroot\n${listed}: ["libc-bin:{bins}"]\n`);
      expect(await runIn(names, ['/usr/bin/getent', 'passwd', '65532'])).toContain('nonroot:x:65532:65532:');
      expect(await runIn(names, ['/usr/bin/getent', 'services', 'https'])).toMatch(/https\s+443\/tcp/);
      const tls = written('ssl', 'from: base-debian12:nonroot\npackages: ["openssl:{bins,config}"]\n');
      const bundle = '/etc/ssl/certs/ca-certificates.crt';
      expect(await runIn(tls, ['/usr/bin/openssl', 'verify', '-CAfile', bundle, bundle])).toMatch(/: OK\n$/);
      const compiled = written('cpp', `from: cc-debian12:nonroot\n${listed}: ["lzip:{bins}"]\n`);
      expect(await runIn(compiled, ['/usr/bin/lzip', '--version'])).toContain('lzip');
    },
    5 * minutes,
  );

  it(
    'nginx: a page, as nobody special, with a read-only root',
    async () => {
      const root = await rootOf('nginx-debian12');
      const command = ['--share-net', '/usr/sbin/nginx', '-e', '/dev/stderr', '-g', 'daemon off;'];
      // Pipes of Node.js are sockets, which nothing can open as /dev/stderr.
      const server = spawn('bwrap', [...sandbox(root), ...command], { stdio: 'ignore' });
      try {
        expect(await page('http://127.0.0.1:8080/')).toContain('Welcome to nginx');
      } finally {
        server.kill();
      }
    },
    5 * minutes,
  );

  it(
    'static:debug: a shell with its commands, apart',
    async () => {
      const output = await runIn('static-debian12:debug', [
        '/busybox/sh',
        '-c',
        'ls /busybox | wc -l; id -un; test -e /bin/sh || echo apart',
      ]);
      expect(output).toMatch(/^(2|3)\d\d\nnonroot\napart\n$/);
    },
    5 * minutes,
  );

  it(
    'ld.so.cache is what ldconfig makes of the same root, byte for byte',
    async () => {
      for (const name of ['python3-debian12', 'nodejs-debian12']) {
        const root = await rootOf(name);
        const own = readFileSync(join(root, 'etc/ld.so.cache'));
        const copy = join(folder, 'copy');
        execFileSync('cp', ['-a', root, copy]);
        execFileSync('ldconfig', ['-i', '-r', copy], { stdio: 'ignore' });
        const theirs = readFileSync(join(copy, 'etc/ld.so.cache'));
        rmSync(copy, { recursive: true });
        // The version of the C library that made it stands at the end; the host's may be another.
        expect(withoutGenerator(own)).toEqual(withoutGenerator(theirs));
      }
    },
    5 * minutes,
  );

  it(
    'no shell, no package manager, nothing setuid',
    async () => {
      const root = await rootOf('nodejs-debian12');
      for (const path of ['bin/sh', 'usr/bin/sh', 'bin/bash', 'usr/bin/dpkg', 'usr/bin/apt', 'usr/bin/npm']) {
        expect(existsSync(join(root, path))).toBe(false);
      }
      expect(execFileSync('find', [root, '-type', 'f', '-perm', '/6000']).toString()).toBe('');
    },
    5 * minutes,
  );
});

function withoutGenerator(cache: Buffer): Buffer {
  return cache.subarray(0, cache.lastIndexOf('ldconfig (Debian GLIBC'));
}

async function page(url: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url)).text();
    } catch (error) {
      if (attempt > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
