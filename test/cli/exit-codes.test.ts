import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OsvServer, startOsvServer } from '../../src/advisories/testing/osv-server.ts';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { isMissing } from '../../src/versions/testing/oracle.ts';
import { createDesk, expectFault } from '../bad-input/started-command.ts';
import { cli, type Ended, runProgram } from './run.ts';

const packages = 400;
let feed: OsvServer;
let silent: Server;
let desk: ReturnType<typeof createDesk>;

beforeAll(async () => {
  feed = await startOsvServer();
  feed.publish('PyPI', [
    advisory('PYSEC-2024-1', 'p0', '2.0', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'),
    advisory('PYSEC-2024-2', 'p1', '2.0'),
    advisory('PYSEC-2024-3', 'p2', undefined, 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:N'),
  ]);
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  desk = createDesk({ CINZEL_FEED_OSV: feed.url, CINZEL_FEEDS: 'osv' });
  const entries = Array.from({ length: packages }, (_, index) => ({
    name: `usr/lib/python3/dist-packages/p${index}-1.0.dist-info/METADATA`,
    content: `Metadata-Version: 2.1\nName: p${index}\nVersion: 1.0\n`,
  }));
  makeLayout(desk.at('home', 'image'), { layers: [makeLayer(entries)], tag: 'one' });
});

afterAll(async () => {
  desk.close();
  await feed.close();
  silent.closeAllConnections();
  silent.close();
});

function advisory(id: string, name: string, fixed?: string, vector?: string) {
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])];
  return {
    id,
    modified: '2024-05-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'PyPI', name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    ...(vector === undefined ? {} : { severity: [{ type: 'CVSS_V3', score: vector }] }),
  };
}

describe('the gate', () => {
  it('is open without --fail-on: vulnerabilities alone are no failure', async () => {
    const { code, stdout, stderr } = await desk.run('scan', 'image', '-o', 'ids');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'PYSEC-2024-1\nPYSEC-2024-2\nPYSEC-2024-3\n',
      stderr: '',
    });
  });

  it.each([
    ['critical', 1, '1 vulnerability fits --fail-on critical.\n'],
    ['medium', 1, '2 vulnerabilities fit --fail-on medium.\n'],
    ['medium,fixable', 1, '1 vulnerability fits --fail-on medium,fixable.\n'],
    ['unknown', 1, '1 vulnerability fits --fail-on unknown.\n'],
    ['low,unknown', 1, '3 vulnerabilities fit --fail-on low,unknown.\n'],
  ])('--fail-on %s ends with %d, says why, and writes the report', async (condition, expected, why) => {
    const { code, stdout, stderr } = await desk.run('scan', 'image', '-o', 'ids', '--fail-on', condition);
    expect({ code, stderr }).toEqual({ code: expected, stderr: why });
    expect(stdout).toContain('PYSEC-2024-1\n');
  });

  it('that passes tells how many it could not rate', async () => {
    const { code, stderr } = await desk.run(
      'scan',
      'image',
      '-o',
      'ids',
      '--fail-on',
      'high',
      '--severity',
      'medium,unknown',
    );
    expect(code).toBe(0);
    expect(stderr).toBe(
      '1 vulnerability has no known severity and did not count for --fail-on; add "unknown" to count it.\n',
    );
  });

  it('holds for a saved scan, and for what its filters leave', async () => {
    await desk.run('scan', 'image', '-o', `json=${desk.at('scan.json')}`);
    expect(await desk.run('report', desk.at('scan.json'), '-o', 'ids', '--fail-on', 'high')).toMatchObject({ code: 1 });
    const filtered = await desk.run(
      'report',
      desk.at('scan.json'),
      '-o',
      'ids',
      '--severity',
      'medium',
      '--fail-on',
      'high',
    );
    expect(filtered).toEqual({ code: 0, stdout: 'PYSEC-2024-3\n', stderr: '' });
    const fixed = await desk.run('report', desk.at('scan.json'), '-o', 'ids', '--only-fixed');
    expect(fixed.stdout).toBe('PYSEC-2024-1\nPYSEC-2024-2\n');
  });

  it('counts only what is new since a baseline', async () => {
    await desk.run('scan', 'image', '-o', `json=${desk.at('old.json')}`);
    const { code } = await desk.run(
      'scan',
      'image',
      '-o',
      'ids',
      '--baseline',
      desk.at('old.json'),
      '--fail-on',
      'low,unknown',
    );
    expect(code).toBe(0);
  });
});

describe('a partial answer', () => {
  it('is an answer, and with --strict a fault after it was written', async () => {
    const lonely = createDesk({ CINZEL_FEED_OSV: 'http://127.0.0.1:9', CINZEL_FEEDS: 'osv' });
    try {
      const image = desk.at('home', 'image');
      const lax = await lonely.run('scan', image, '-o', 'json');
      expect(lax.code).toBe(0);
      expect(JSON.parse(lax.stdout)).toMatchObject({
        advisories: { uncovered: [{ ecosystem: 'PyPI', reason: 'osv could not be reached', packages }] },
      });
      const strict = await lonely.run('scan', image, '-o', `json=${lonely.at('scan.json')}`, '--strict');
      expect({ code: strict.code, stdout: strict.stdout }).toEqual({ code: 4, stdout: '' });
      expect(strict.stderr).toMatch(/^Written: .*\ncinzel: The answer is partial: /);
      expect(existsSync(lonely.at('scan.json'))).toBe(true);
    } finally {
      lonely.close();
    }
  });

  it('is none when there is no store and --offline forbids to make one', async () => {
    expectFault(
      await desk.run('scan', 'image', '--offline', '--db-dir', desk.at('none')),
      3,
      /no advisory store/,
      /cinzel db update/,
    );
  });
});

describe('reports of several images', () => {
  it('are a whole file each, but one text where the format has room for all', async () => {
    const outputs = ['-o', `json=${desk.at('each.cz.json')}`, '-o', `markdown=${desk.at('all.md')}`];
    const { code, stderr } = await desk.run('scan', 'image', 'oci:image:one', ...outputs);
    expect(code).toBe(0);
    expect(stderr).toContain(`Written: ${desk.at('each.2.cz.json')}\n`);
    for (const [name, reference] of [
      ['each.1.cz.json', 'image'],
      ['each.2.cz.json', 'oci:image:one'],
    ] as const) {
      expect(JSON.parse(readFileSync(desk.at(name), 'utf8'))).toMatchObject({ image: { reference } });
    }
    expect(existsSync(desk.at('each.cz.json'))).toBe(false);
    expect(existsSync(desk.at('all.md'))).toBe(true);
  });
});

describe('a value that a setting cannot have', () => {
  it('is told as it was written', async () => {
    expectFault(await desk.run('scan', 'image', '--db-age', 'soon'), 2, /"soon" is no value for --db-age/);
    writeFileSync(desk.at('home', '.cinzel.yaml'), 'quiet: false\noffline: maybe\n');
    const refused = await desk.run('scan', 'image');
    rmSync(desk.at('home', '.cinzel.yaml'));
    expectFault(refused, 2, /"maybe" is no value for .*\.cinzel\.yaml:2: offline/, /true, false/);
  });

  it('is refused where it would not be used', async () => {
    writeFileSync(desk.at('home', 'empty.json'), '{"bomFormat":"CycloneDX","components":[]}');
    const refused = await desk.run('scan', 'sbom:empty.json', '--offline', '--feeds', 'ovs');
    expectFault(refused, 2, /"ovs" is no value for --feeds/, /osv, debian-archive/);
  });
});

describe('an SBOM whose packages cannot be matched', () => {
  it('is no clean answer', async () => {
    writeFileSync(
      desk.at('home', 'bare.json'),
      '{"bomFormat":"CycloneDX","components":[{"type":"library","name":"x"}]}',
    );
    const { code, stdout } = await desk.run('scan', 'sbom:bare.json');
    expect(code).toBe(0);
    expect(stdout).toContain('A record for sbom could not be understood: x has no purl.');
    expect(stdout).not.toContain('No known vulnerabilities');
    expect(await desk.run('scan', 'sbom:bare.json', '--strict')).toMatchObject({ code: 4 });
  });
});

describe('several results for stdout', () => {
  it('are a stream of documents where the format is JSON', async () => {
    const { code, stdout } = await desk.run('scan', 'image', 'oci:image:one', '-o', 'json');
    expect(code).toBe(0);
    const documents = stdout.split(/^(?=\{)/m).map((text) => JSON.parse(text) as { readonly image: object });
    expect(documents.map(({ image }) => image)).toMatchObject([{ reference: 'image' }, { reference: 'oci:image:one' }]);
  });

  it.each(['html', 'junit'])('are refused where they would be no %s', async (format) => {
    const hint = new RegExp(`-o ${format}=scan\\.${format}`);
    for (const command of ['scan', 'sbom']) {
      expectFault(await desk.run(command, 'image', 'oci:image:one', '-o', format), 2, /holds one result only/, hint);
    }
  });
});

describe('a tag that a layout lacks', () => {
  it('is answered with those that it has', async () => {
    expectFault(await desk.run('scan', 'image:two'), 3, /image:two was not found/, /There are: one/);
  });
});

describe('a file that is not there', () => {
  it('is missing for every platform too', async () => {
    expectFault(await desk.run('scan', 'oci:nowhere', '--platform', 'all'), 3, /nowhere was not found/);
  });

  it.each(['nope.tar', './nope', 'folder/nope.tar.gz'])('is not asked of a registry: %s', async (name) => {
    expectFault(await desk.run('scan', name), 3, new RegExp(`${name.replaceAll('.', '\\.')} was not found`));
  });
});

describe('stdout', () => {
  it('has one result; others go to files, which are told on stderr unless --quiet', async () => {
    const outputs = ['-o', 'json', '--report', `ids=${desk.at('ids.txt')}`, '-o', `sarif=${desk.at('scan.sarif')}`];
    const { code, stdout, stderr } = await desk.run('scan', 'image', ...outputs);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1 });
    expect(stderr).toBe(`Written: ${desk.at('scan.sarif')}\nWritten: ${desk.at('ids.txt')}\n`);
    expect(readFileSync(desk.at('ids.txt'), 'utf8')).toBe('PYSEC-2024-1\nPYSEC-2024-2\nPYSEC-2024-3\n');
    expect(JSON.parse(readFileSync(desk.at('scan.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(await desk.run('scan', 'image', '--quiet', ...outputs)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\{/),
      stderr: '',
    });
    expect(await desk.run('scan', 'image', '--quiet', '-o', 'ids', '--fail-on', 'low')).toMatchObject({
      code: 1,
      stderr: '',
    });
  });

  it('cannot hold two', async () => {
    const run = await desk.run('scan', 'image', '-o', 'table', '--report', 'json');
    expectFault(run, 2, /Only one output can go to stdout\./, /-o json=scan\.json/);
  });

  it('stays empty when a report cannot be written', async () => {
    expectFault(await desk.run('scan', 'image', '-o', `json=${desk.at('no/such/folder.json')}`), 3, /folder\.json/);
  });

  it.skipIf(isMissing('bash', '--version'))('that is closed early ends the run quietly', async () => {
    const program = `"$@" | head -c 20 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const args = ['-c', program, 'bash', process.execPath, cli, 'scan', 'image', '-o', 'json'];
    expect(await runWith('bash', args)).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  });
});

describe('stderr', () => {
  it.skipIf(isMissing('bash', '--version'))('that nobody reads does not change the answer', async () => {
    const program = `"$@" 2>&1 >/dev/null | true; echo "\${PIPESTATUS[0]}"`;
    const args = ['-c', program, 'bash', process.execPath, cli, 'scan', 'nope.tar'];
    expect(await runWith('bash', args)).toEqual({ code: 0, stdout: '3\n', stderr: '' });
  });
});

describe('an interrupt', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends with 130 and leaves no half-written file', async (signal) => {
    const waiting = createDesk({ CINZEL_FEED_OSV: addressOf(silent), CINZEL_FEEDS: 'osv' });
    try {
      const asked = new Promise<void>((resolve) => silent.once('request', () => resolve()));
      const { child, ended } = waiting.start('scan', desk.at('home', 'image'), '-o', `json=${waiting.at('scan.json')}`);
      await asked;
      child.kill(signal);
      expect(await ended).toEqual({ code: 130, stdout: '', stderr: 'cinzel: Interrupted.\n' });
      const left = readdirSync(waiting.folder, { recursive: true, encoding: 'utf8' });
      expect(left.filter((name) => /\.part$|scan\.json|\.lock|tmp/.test(name))).toEqual([]);
    } finally {
      waiting.close();
    }
  });

  it('leaves no half-written image', async () => {
    const waiting = createDesk();
    try {
      const { port } = silent.address() as AddressInfo;
      const asked = new Promise<void>((resolve) => silent.once('request', () => resolve()));
      const source = `registry:127.0.0.1:${port}/name:tag`;
      const { child, ended } = waiting.start(
        'copy',
        source,
        `oci:${waiting.at('copied')}`,
        '--insecure',
        `127.0.0.1:${port}`,
      );
      await asked;
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 130, stdout: '' });
      expect(readdirSync(waiting.folder).filter((name) => name.startsWith('copied'))).toEqual([]);
    } finally {
      waiting.close();
    }
  });
});

describe.skipIf(isMissing('script', '--version'))('on a terminal', () => {
  const start = '\u001b[';

  /** What a terminal would get of both streams. */
  async function onTerminal(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const line = [process.execPath, cli, ...words].map((word) => `'${word}'`).join(' ');
    return (await runWith('script', ['-qec', line, '/dev/null'], { TERM: 'xterm', ...environment })).stdout;
  }

  it('results have colour unless NO_COLOR or TERM=dumb forbids it', async () => {
    expect(await onTerminal(['scan', 'image', '--quiet'])).toContain(start);
    expect(await onTerminal(['scan', 'image', '--quiet'], { NO_COLOR: '1' })).not.toContain(start);
    expect(await onTerminal(['scan', 'image'], { TERM: 'dumb' })).not.toContain(start);
  });

  it('progress is drawn and wiped again, but not in CI and not with --quiet', async () => {
    const late = createServer((_, response) => void setTimeout(() => response.writeHead(404).end(), 800));
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
    const slow = { CINZEL_FEED_OSV: addressOf(late) };
    const words = ['scan', 'image', '-o', 'ids', '--db-age', '0'];
    const erase = `${start}K`;
    try {
      const drawn = (await onTerminal(words, slow)).split(erase);
      expect(drawn[0]).toBe('\radvisories osv PyPI\r');
      expect(drawn.at(-1)).toMatch(/^PYSEC-2024-1\r\n/);
      expect(await onTerminal([...words, '--quiet'], slow)).not.toContain(erase);
      expect(await onTerminal(words, { ...slow, CI: 'true' })).not.toContain(erase);
    } finally {
      late.close();
    }
  });
});

it('FORCE_COLOR colours what is no terminal, and NO_COLOR is stronger', async () => {
  const coloured = async (environment: Readonly<Record<string, string>>): Promise<boolean> =>
    (await runWith(process.execPath, [cli, 'scan', 'image'], environment)).stdout.includes('\u001b');
  expect(await coloured({})).toBe(false);
  expect(await coloured({ FORCE_COLOR: '1' })).toBe(true);
  expect(await coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});

/** Runs any program beside the image, with the feed. */
function runWith(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { ...plain(), CINZEL_FEED_OSV: feed.url, CINZEL_FEEDS: 'osv', ...environment };
  return runProgram(command, args, { cwd: desk.at('home'), env });
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function plain(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: desk.at('home'),
    LANG: 'C',
    CINZEL_CACHE_DIR: desk.at('cache'),
    CINZEL_DB_DIR: desk.at('db'),
  };
}
