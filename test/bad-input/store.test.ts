import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { open as openLmdb } from 'lmdb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OsvJson, type OsvServer, startOsvServer } from '../../src/advisories/testing/osv-server.ts';
import { holdLock } from '../../src/net/testing/hold-lock.ts';
import { serve, type TestServer } from '../../src/net/testing/serve.ts';
import { createDesk, type Desk, type Ended, expectAnswer, expectFault, type Started } from './started-command.ts';

let osv: OsvServer;
let desk: Desk;
beforeAll(async () => {
  osv = await startOsvServer();
});
afterAll(() => osv.close());
beforeEach(() => {
  osv.publish('PyPI', [record('OLD-1')]);
  osv.requests.length = 0;
  desk = newDesk(osv.url);
});
afterEach(() => desk.close());

function newDesk(url: string, variables: Readonly<Record<string, string>> = {}): Desk {
  const made = createDesk({ CINZEL_FEEDS: 'osv', CINZEL_FEED_OSV: url, ...variables });
  const components = [{ type: 'library', name: 'demo', version: '1.0', purl: 'pkg:pypi/demo@1.0' }];
  writeFileSync(made.at('sbom.json'), JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components }));
  return made;
}

function record(id: string, details = '', modified = '2024-01-01T00:00:00Z'): OsvJson {
  const affected = [{ package: { ecosystem: 'PyPI', name: 'demo' }, versions: ['1.0'] }];
  return { id, modified, details, affected };
}

/** Records that take a while to write. */
function manyRecords(prefix: string, count: number): readonly OsvJson[] {
  return Array.from({ length: count }, (_, index) =>
    record(`${prefix}-${index}`, randomBytes(1_500).toString('base64')),
  );
}

function update(...words: readonly string[]): Promise<Ended> {
  return desk.run('db', 'update', '--only', 'osv:PyPI', ...words);
}

function scan(...words: readonly string[]): Promise<Ended> {
  return desk.run('scan', `sbom:${desk.at('sbom.json')}`, '-o', 'json', ...words);
}

/** Ids of what a scan finds. */
async function found(...words: readonly string[]): Promise<readonly string[]> {
  return (expectAnswer(await scan(...words)).findings ?? []).map(({ id }) => id);
}

const storeFile = (): string => desk.at('db', 'advisories.mdb');
const done = { code: 0, stdout: '1 part is up to date.\n', stderr: '' };

describe('a store that is damaged', () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['cut in its middle', (path) => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096)],
    ['cut by a byte', (path) => truncateSync(path, statSync(path).size - 1)],
    ['empty', (path) => truncateSync(path, 0)],
    ['random', (path) => writeFileSync(path, randomBytes(statSync(path).size))],
    ['a text', (path) => writeFileSync(path, '<html>Captive portal</html>')],
  ];

  it.each(damages)('%s: is named, and made anew by an update', async (_name, damage) => {
    expect(await update()).toEqual(done);
    damage(storeFile());
    for (const ended of [await scan('--offline'), await desk.run('db', 'status')]) {
      expectFault(ended, 4, /The advisory store .*advisories\.mdb cannot be read: /, /Run "cinzel db update"/);
    }
    const { code, stdout, stderr } = await update();
    expect({ code, stdout }).toEqual({ code: 0, stdout: done.stdout });
    expect(stderr).toMatch(/^The advisory store .* was made anew: .*\.\n$/);
    expect(await update('--strict')).toEqual(done);
    expect(await found('--offline')).toEqual(['OLD-1']);
  });

  it.each([0, 999])('of format %i is named offline, and made anew by whoever writes', async (format) => {
    expect(await update()).toEqual(done);
    const database = openLmdb<Buffer, string>({
      path: storeFile(),
      noSubdir: true,
      encoding: 'binary',
      compression: true,
    });
    const catalog = JSON.parse(String(database.getBinary('catalog'))) as object;
    await database.put('catalog', Buffer.from(JSON.stringify({ ...catalog, format })));
    await database.close();
    expectFault(await scan('--offline'), 4, /another version of Cinzel made it/, /db update/);
    expect(await found()).toEqual(['OLD-1']);
    expect(await found('--offline')).toEqual(['OLD-1']);
  });

  it('is not touched when something else is in its place', async () => {
    mkdirSync(storeFile(), { recursive: true });
    expectFault(await update(), 3, /advisories\.mdb could not be read: it is no file/);
    expect(statSync(storeFile()).isDirectory()).toBe(true);
  });
});

describe('without a store', () => {
  it('nothing is said offline, and none is made', async () => {
    expectFault(await scan('--offline'), 3, /There is no advisory store at .*advisories\.mdb/, /cinzel db update/);
    expect(existsSync(desk.at('db'))).toBe(false);
    expect(osv.requests).toEqual([]);
  });

  it('an image with nothing to look up is answered', async () => {
    writeFileSync(desk.at('sbom.json'), JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [] }));
    expect(await found()).toEqual([]);
    expect(osv.requests).toEqual([]);
  });
});

/** Starts an update of many records and gives it once it writes them. */
async function startLargeUpdate(): Promise<Started> {
  osv.publish('PyPI', manyRecords('NEW', 6_000));
  const size = statSync(storeFile()).size;
  const started = desk.start('db', 'update', '--only', 'osv:PyPI');
  const ended = started.ended.then((end) => Promise.reject(new Error(`It ended before it wrote: ${end.stderr}`)));
  while (statSync(storeFile()).size <= size) await Promise.race([sleep(2), ended]);
  ended.catch(() => undefined);
  return started;
}

describe('an update', () => {
  beforeEach(async () => {
    expect(await update()).toEqual(done);
  });

  it('that is killed leaves the old state and nothing else, and the next one works at once', async () => {
    const { child, ended } = await startLargeUpdate();
    child.kill('SIGKILL');
    expect((await ended).code).toBeUndefined();
    const left = statSync(storeFile()).size;
    expect(await found('--offline')).toEqual(['OLD-1']);
    osv.publish('PyPI', [record('NEXT-1'), record('OLD-1')]);
    expect(await update()).toEqual(done);
    expect(await found('--offline')).toEqual(['NEXT-1', 'OLD-1']);
    expect(readdirSync(desk.at('db')).sort()).toEqual(['advisories.mdb', 'advisories.mdb-lock']);
    // What the dead one wrote is free again: as much once more finds room in it.
    osv.publish('PyPI', manyRecords('NEW', 500));
    expect(await update()).toEqual(done);
    expect(statSync(storeFile()).size).toBeLessThanOrEqual(left + 4_000_000);
  });

  it('that is interrupted stops at once and leaves the old state', async () => {
    const { child, ended } = await startLargeUpdate();
    child.kill('SIGINT');
    expectFault(await ended, 130, /Interrupted/);
    expect(await found('--offline')).toEqual(['OLD-1']);
    expect(readdirSync(desk.at('db')).sort()).toEqual(['advisories.mdb', 'advisories.mdb-lock']);
  });

  it('at the same time as another ends as well as that, with one result', async () => {
    osv.publish('PyPI', manyRecords('NEW', 3_000));
    expect(await Promise.all([update(), update(), update()])).toEqual([done, done, done]);
    expect(await found('--offline')).toHaveLength(3_000);
    expect((await desk.run('db', 'status')).stdout).toMatch(/^osv +PyPI +3000 /m);
  });

  it('does not keep readers waiting', async () => {
    const { ended } = await startLargeUpdate();
    expect(await found('--offline')).toEqual(['OLD-1']);
    expect(await ended).toEqual(done);
    const holder = await holdLock(desk.at('db', 'write.lock'));
    expect(await found('--offline')).toHaveLength(6_000);
    expect((await desk.run('db', 'status')).code).toBe(0);
    await holder.kill();
  });

  it('costs one small request when nothing changed, and one a record when little did', async () => {
    osv.publish('PyPI', [...manyRecords('X', 50), record('OLD-1')]);
    await update();
    osv.requests.length = 0;
    expect(await update()).toEqual(done);
    expect(osv.requests).toEqual(['304 PyPI/modified_id.csv']);
    osv.requests.length = 0;
    osv.publish('PyPI', [record('OLD-1'), record('OLD-2', '', '2024-05-05T00:00:00Z')]);
    expect(await update()).toEqual(done);
    expect(osv.requests[0]).toBe('200 PyPI/modified_id.csv');
    expect(await found('--offline')).toContain('OLD-2');
  });
});

describe('a feed in trouble', () => {
  /** A server in the place of the feed. */
  async function replaceFeed(listener: RequestListener): Promise<TestServer> {
    const server = await serve(listener);
    desk.close();
    desk = newDesk(server.url);
    return server;
  }

  const zip = (): Uint8Array => osv.file('PyPI/all.zip');

  it.each<[string, RequestListener, RegExp]>([
    ['that answers 500', (_, response) => response.writeHead(500).end(), /status 500/],
    ['that refuses', (_, response) => response.writeHead(403).end(), /./],
    [
      'that cuts',
      (_, response) => {
        response.writeHead(200, { 'content-length': zip().length });
        response.write(zip().subarray(0, 100), () => response.socket?.destroySoon());
      },
      /./,
    ],
    ['that sends something else', (_, response) => response.end('<html>'), /./],
    ['that sends half an archive', (_, response) => response.end(zip().subarray(0, 200)), /./],
    ['that hangs', () => {}, /did not answer in time/],
  ])('%s: is a diagnostic, and what it covers is named', async (_name, listener, problem) => {
    const server = await replaceFeed(listener);
    const { diagnostics, advisories, findings } = expectAnswer(await scan('--timeout', '1'));
    expect(diagnostics).toMatchObject([
      { code: 'feed.unreachable', message: expect.stringMatching(problem) as string },
    ]);
    expect(advisories?.uncovered).toMatchObject([{ ecosystem: 'PyPI' }]);
    expect(findings).toEqual([]);
    const strict = await scan('--strict', '--timeout', '1');
    expectAnswer(strict, 4);
    expect(strict.stderr).toMatch(/^cinzel: The answer is partial/m);
    const alone = await update('--timeout', '1');
    expect(alone).toMatchObject({ code: 0, stdout: '0 parts are up to date.\n' });
    expect(alone.stderr).toMatch(/^The feed osv PyPI could not be asked: .*\.\n$/);
    expect((await update('--strict', '--timeout', '1')).code).toBe(4);
    expect(readdirSync(desk.at('db')).sort()).toEqual(['advisories.mdb', 'advisories.mdb-lock']);
    await server.close();
  });

  it('after it worked: what it said before counts, and that it is old is said, each time anew', async () => {
    let works = true;
    const server = await replaceFeed((request, response) => {
      if (!works) return void response.writeHead(500).end();
      const file = osv.file((request.url ?? '').slice(1));
      return void response.writeHead(file.length === 0 ? 404 : 200).end(file);
    });
    expect(await found()).toEqual(['OLD-1']);
    works = false;
    for (let time = 0; time < 2; time++) {
      const { findings, diagnostics, advisories } = expectAnswer(await scan('--db-age', '0'));
      expect(findings).toMatchObject([{ id: 'OLD-1' }]);
      expect(diagnostics).toMatchObject([{ code: 'feed.unreachable' }]);
      expect(advisories?.uncovered).toMatchObject([{ ecosystem: 'PyPI' }]);
    }
    works = true;
    expect(expectAnswer(await scan('--db-age', '0')).diagnostics).toEqual([]);
    await server.close();
  });

  it.each(['osv:Nonsense', 'nonsense:PyPI', 'PyPI', 'osv:', ''])(
    'is not asked for what there is not: "%s"',
    async (part) => {
      const ended = await desk.run('db', 'update', '--only', part);
      expectFault(ended, 2, /"--only|for --only/);
      expect(osv.requests).toEqual([]);
    },
  );

  it('says what it does not publish', async () => {
    const ended = await desk.run('db', 'update', '--only', 'osv:Maven');
    expect(ended).toEqual({ code: 0, stdout: '0 parts are up to date.\n', stderr: 'osv does not publish Maven.\n' });
  });
});

describe.skipIf(process.getuid?.() !== 0 && !process.env['CI'])('a full disk', () => {
  it('ends an update, which leaves the old state', async () => {
    const mount = desk.at('small');
    mkdirSync(mount);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=14m', 'tmpfs', mount]);
    try {
      const place = ['--db-dir', mount];
      expect(await update(...place)).toEqual(done);
      osv.publish('PyPI', manyRecords('BIG', 6_000));
      expectFault(await update(...place), 3, /not enough free space to write .*small/, /Free some space/);
      expect(await found('--offline', ...place)).toEqual(['OLD-1']);
      writeFileSync(desk.at('small', 'rest'), Buffer.alloc(statfsSync(mount).bavail * statfsSync(mount).bsize));
      expectFault(await update(...place), 3, /not enough free space to write .*small/, /Free some space/);
      expect(await found('--offline', ...place)).toEqual(['OLD-1']);
      rmSync(desk.at('small', 'rest'));
      expect(readdirSync(mount).sort()).toEqual(['advisories.mdb', 'advisories.mdb-lock']);
      osv.publish('PyPI', [record('NEXT-1'), record('OLD-1')]);
      expect(await update(...place)).toEqual(done);
      expect(await found('--offline', ...place)).toEqual(['NEXT-1', 'OLD-1']);
    } finally {
      execFileSync('umount', [mount]);
    }
  });

  it('where there is no store yet is named too', async () => {
    const mount = desk.at('full');
    mkdirSync(mount);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', mount]);
    try {
      expectFault(await update('--db-dir', desk.at('full', 'db')), 3, /not enough free space to write .*full/);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});
