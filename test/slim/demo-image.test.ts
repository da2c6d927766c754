import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlimReport } from '../../src/operations/slim-report.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { cli, root } from '../cli/run.ts';
import { archiveAnswers } from '../debian-mirror.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-slim-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const possible = process.env['CI'] !== undefined || (canRun() && (await archiveAnswers('bookworm')));

function canRun(): boolean {
  const tools = ['bwrap', 'umoci', 'skopeo', 'dpkg-query', 'strace'];
  return process.getuid?.() === 0 && tools.every((tool) => spawnSync(tool, ['--version']).status === 0);
}

const env = { ...process.env, LANG: 'C.UTF-8' };

function cinzel(...args: readonly string[]): string {
  return execFileSync(process.execPath, [cli, ...args], { cwd: folder, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

function read<Document>(name: string): Document {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Document;
}

/** Beside the program and not among its files, as whoever asks it in production is. */
function answerOf(rootfs: string, before: readonly string[] = []): unknown {
  const outer = ['--bind', '/', '/', '--dev-bind', '/dev', '/dev', '--proc', '/proc', '--unshare-net', '--unshare-pid'];
  const script = join(import.meta.dirname, 'answer.mjs');
  const program = [rootfs, 'http://127.0.0.1:8080/', '/app', 'node', '/app/server.js'];
  const command = [...before, 'bwrap', ...outer, '--die-with-parent', '--', process.execPath, script, ...program];
  const [first = '', ...rest] = command;
  return JSON.parse(execFileSync(first, rest, { encoding: 'utf8' }));
}

describe.skipIf(!possible)('cinzel slim of a naive Node image from the Debian archive', () => {
  const fat = join(folder, 'fat/rootfs');
  const small = join(folder, 'small/rootfs');

  beforeAll(() => {
    execFileSync(process.execPath, [join(root, 'scripts/demo-image.mjs'), join(folder, 'fat.tar')], { env });
    cinzel('slim', 'fat.tar', '-o', 'oci:slim', '--report', 'json=report.json');
    execFileSync('skopeo', ['copy', '-q', 'oci-archive:fat.tar:demo', 'oci:fat-layout:demo'], { cwd: folder });
    execFileSync('umoci', ['unpack', '--image', 'fat-layout:demo', 'fat'], { cwd: folder, stdio: 'pipe' });
    execFileSync('umoci', ['unpack', '--image', 'slim:demo-slim', 'small'], { cwd: folder, stdio: 'pipe' });
  }, 600_000);

  it('answers as the fat image does', () => {
    const answer = answerOf(small);
    expect(answer).toMatchObject({ status: 200, body: 'Hello, semver 2.0.0' });
    expect(answer).toEqual(answerOf(fat));
  });

  it('has every file that the fat image is seen to open or execute', () => {
    const log = join(folder, 'trace.log');
    answerOf(fat, ['strace', '-f', '-qq', '-e', 'trace=%file,%process', '-o', log]);
    const text = readFileSync(log, 'utf8');
    // The program's own calls begin with its execution in its own root; before that they are the sandbox's.
    const start = text.lastIndexOf('execve("/usr/bin/node", ["node", "/app/server.js"]');
    expect(start).toBeGreaterThan(0);
    const opened = text
      .slice(start)
      .split('\n')
      .flatMap((line) => /^\d+ +(?:open|openat|execve)\([^"]*"(\/[^"]+)".* = \d+$/.exec(line)?.[1] ?? []);
    expect(opened.length).toBeGreaterThan(20);
    const missing = opened.filter((path) => !/^\/(?:proc|dev|sys)\//.test(path) && !existsSync(join(small, path)));
    expect(missing.filter((path) => existsSync(join(fat, path)))).toEqual([]);
  });

  it('gives the same digest again', () => {
    const again = cinzel('slim', 'fat.tar', '-o', 'oci:again', '--cache-dir', join(folder, 'other-cache')).trim();
    expect(again).toBe(read<SlimReport>('report.json').written?.digest);
    const inspected = execFileSync('skopeo', ['inspect', 'oci:again:demo-slim'], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(inspected)).toMatchObject({ Digest: again });
  });

  it('lists for scanners the packages of which something is kept, and no others', () => {
    cinzel('scan', 'oci:slim:demo-slim', '--feeds', 'debian-archive', '--offline', '-o', 'json=slim.json');
    const { packages, image, diagnostics } = read<ScanResult>('slim.json');
    const report = read<SlimReport>('report.json');
    const listed = report.packages.filter(({ fate }) => fate !== 'dropped').map(({ id }) => id);
    expect(packages.filter(({ ownedBy }) => ownedBy === undefined).map(({ id }) => id)).toEqual(listed);
    expect(diagnostics.filter(({ code }) => code.startsWith('package.'))).toEqual([]);
    expect(image.surface).toMatchObject({ shells: [], packageManagers: [], downloaders: [], setuid: [] });
    const database = join(small, 'var/lib/dpkg');
    const names = execFileSync(
      'dpkg-query',
      [`--admindir=${database}`, '-W', '-f', '\u0024{Package} \u0024{Version}\n'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const debs = report.packages.filter(({ type, fate }) => type === 'deb' && fate !== 'dropped');
    expect(names.trim().split('\n').sort()).toEqual(debs.map(({ name, version }) => `${name} ${version}`).sort());
  });

  it('keeps only files that its checksums fit, and says why of each', () => {
    execFileSync('sh', ['-c', `cat var/lib/dpkg/info/*.md5sums | md5sum --quiet -c`], { cwd: small });
    const { entries, before, after } = read<SlimReport>('report.json');
    expect(entries.every(({ reason }) => reason !== undefined)).toBe(true);
    expect(after.bytes).toBeLessThan(before.bytes / 2);
    const line = ({ bytes, files, packages }: typeof before) => `${bytes} bytes, ${files} files, ${packages} packages`;
    console.log(`fat: ${line(before)}\nslim: ${line(after)}`);
  });
});
