import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestArchive } from '../../src/repositories/apt/testing/test-archive.ts';
import { cli, type Ended, makeFolder, plainEnvironment, runProgram } from './run.ts';

/** A mirror that notes what it was asked, and with what authority. */
async function startMirror() {
  const archive = await makeTestArchive([{ name: 'bookworm', packages: [{ name: 'openssl', version: '9' }] }]);
  const asked: { path: string; authorization: string | undefined }[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ path: url, authorization: headers.authorization });
    const content = archive.files.get(url.replace('/debian/', ''));
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { host, url: `http://${host}/debian`, asked, close };
}

type Mirror = Awaited<ReturnType<typeof startMirror>>;
const folder = makeFolder();
let chosen: Mirror;
let named: Mirror;

beforeAll(async () => {
  [chosen, named] = await Promise.all([startMirror(), startMirror()]);
  const files = {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    'etc/apt/sources.list': `deb ${named.url} bookworm main\n`,
    'var/lib/dpkg/status':
      'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.9-1\nDescription: x\n',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, 'root', path)), { recursive: true });
    writeFileSync(join(folder.path, 'root', path), content);
  }
});

afterAll(() => {
  chosen.close();
  named.close();
  folder.remove();
});

let runs = 0;

/** Scans the image with a store and a cache of its own. */
async function scan(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  for (const { asked } of [chosen, named]) asked.splice(0);
  const home = join(folder.path, `home-${runs++}`);
  mkdirSync(join(home, 'tmp'), { recursive: true });
  return runProgram(process.execPath, [cli, 'scan', 'dir:root', '--feeds', 'debian-archive', '-o', 'json', ...args], {
    cwd: folder.path,
    env: plainEnvironment(home, environment),
  });
}

describe('the mirror of a scan', () => {
  it('is said once, on stderr alone, without its password', async () => {
    const secret = chosen.url.replace('//', '//me:hidden@');
    const { code, stdout, stderr } = await scan(['--mirror', secret]);
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => line.includes(chosen.host))).toEqual([`Debian archive: ${chosen.url}`]);
    expect(stdout).not.toContain(chosen.host);
    expect(stdout + stderr).not.toContain('hidden');
    const authorization = `Basic ${Buffer.from('me:hidden').toString('base64')}`;
    expect(chosen.asked[0]).toEqual({ path: '/debian/dists/bookworm/InRelease', authorization });
  });

  it('is not said when it is not asked, or nobody wants to know', async () => {
    expect((await scan(['--mirror', chosen.url, '--quiet'])).stderr).not.toContain(chosen.host);
    expect((await scan(['--mirror', chosen.url, '--feeds', 'osv', '--offline'])).stderr).not.toContain(chosen.host);
    expect(chosen.asked).toEqual([]);
  });

  it("is never the image's own choice", async () => {
    await scan([], { CINZEL_MIRROR: chosen.url });
    expect(chosen.asked.length).toBeGreaterThan(0);
    expect(named.asked).toEqual([]);
  });

  it("is the image's own choice where that is allowed, unless one is given", async () => {
    const { stderr } = await scan(['--use-image-sources']);
    expect(stderr).toContain(`Debian archive: ${named.url}`);
    expect(named.asked.length).toBeGreaterThan(0);
    await scan(['--use-image-sources', '--mirror', chosen.url]);
    expect(named.asked).toEqual([]);
  });

  it('always has the updates and the security archive of the release', async () => {
    await scan(['--mirror', chosen.url]);
    const suites = chosen.asked.map(({ path }) => /dists\/([^/]+)\/InRelease/.exec(path)?.[1]);
    expect(suites).toEqual(expect.arrayContaining(['bookworm', 'bookworm-updates']));
    const paths = chosen.asked.map(({ path }) => path);
    expect(paths).toContain('/debian-security/dists/bookworm-security/InRelease');
  });

  it('does not count when its signature is not one of Debian', async () => {
    const { code, stdout } = await scan(['--mirror', chosen.url]);
    const { findings, diagnostics, advisories } = JSON.parse(stdout) as {
      findings: unknown[];
      diagnostics: { code: string }[];
      advisories: { uncovered: unknown[] };
    };
    expect(code).toBe(0);
    expect(findings).toEqual([]);
    expect(diagnostics.map((one) => one.code)).toContain('feed.unreachable');
    expect(advisories.uncovered).toHaveLength(1);
    expect((await scan(['--mirror', chosen.url, '--strict'])).code).toBe(4);
  });

  it('is refused when it is no address', async () => {
    const { code, stderr } = await scan(['--mirror', 'ftp://example.com/debian']);
    expect(code).toBe(2);
    expect(stderr).toContain('ftp://example.com/debian');
  });
});
