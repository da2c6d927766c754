import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import type { SlimReport } from '../../src/operations/slim-report.ts';
import { machinePrograms } from '../../src/operations/testing/machine-programs.ts';
import { cli, type Ended, makeFolder, plainEnvironment, runProgram } from '../cli/run.ts';

const { path: folder, remove } = makeFolder();
afterAll(remove);
mkdirSync(join(folder, 'tmp'));
const tools = ['bwrap', 'strace', 'nsenter', 'setpriv'];
const possible = process.env['CI'] !== undefined || tools.every((tool) => spawnSync('which', [tool]).status === 0);

/** An image of a shell script, with data that the script finds by a computed name. */
function image(name: string, script: string, ...more: readonly string[]): string {
  const files = ['one', 'two'].map((file) => ({ name: `srv/${file}`, content: `${file}\n` }));
  const run = { name: 'app/run', content: `#!/usr/bin/sh\n${script}\n`, mode: 0o755 };
  makeLayout(join(folder, name), {
    layers: [
      makeLayer([...machinePrograms(['cat', 'chown']), { name: 'tmp/', mode: 0o1777 }, ...files]),
      makeLayer([run]),
    ],
    config: { Entrypoint: ['/app/run', ...more], WorkingDir: '/app' },
  });
  return `oci:${name}`;
}

function cinzel(...args: readonly string[]): Promise<Ended> {
  const env = plainEnvironment(folder, { CINZEL_CACHE_DIR: join(folder, 'cache'), CINZEL_OFFLINE: '1' });
  return runProgram(process.execPath, [cli, ...args], { cwd: folder, env });
}

function fateOf(path: string, report: string): string | undefined {
  const { entries } = JSON.parse(readFileSync(join(folder, report), 'utf8')) as SlimReport;
  return entries.find((entry) => entry.path === path)?.fate;
}

const computed = String.raw`cat "$(printf '\057srv\057one')"`;

it('slim writes no recipe where only the plan is asked for, and says so', async () => {
  const refused = await cinzel('slim', 'oci:nowhere', '--plan', '--recipe', 'app.yaml');
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--recipe') });
  expect(existsSync(join(folder, 'app.yaml'))).toBe(false);
});

describe.skipIf(!possible)('slim, when it may run the image', () => {
  it('keeps what a trace shows, of this run or of an earlier one', async () => {
    const source = image('computed', computed);
    const slim = ['slim', source, '--app-strict', '--report'];
    expect((await cinzel(...slim, 'json=plain.json', '-o', 'oci:plain')).code).toBe(0);
    expect(fateOf('/srv/one', 'plain.json')).toBe('dropped');
    expect(await cinzel(...slim, 'json=traced.json', '-o', 'oci:traced', '--trace')).toMatchObject({ code: 0 });
    expect(['/srv/one', '/srv/two'].map((path) => fateOf(path, 'traced.json'))).toEqual(['kept', 'dropped']);
    expect(await cinzel('contract', 'record', source, '--trace', 'trace.json')).toMatchObject({ code: 0 });
    expect(await cinzel(...slim, 'json=earlier.json', '-o', 'oci:earlier', '--trace-file', 'trace.json')).toMatchObject(
      {
        code: 0,
      },
    );
    expect(['/srv/one', '/srv/two'].map((path) => fateOf(path, 'earlier.json'))).toEqual(['kept', 'dropped']);
  }, 60_000);

  it('writes nothing when the image still answers otherwise, unless it is told to', async () => {
    const source = image('listing', String.raw`set -- "$(printf '\057usr\057bin')"/*; echo $#`);
    const slim = ['slim', source, '--app-strict', '--contract', 'default', '-o', 'oci:differs'];
    const refused = await cinzel(...slim);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('stdout');
    expect(existsSync(join(folder, 'differs'))).toBe(false);
    const written = await cinzel(...slim, '--write-anyway');
    expect(written).toMatchObject({ code: 1, stdout: expect.stringMatching(/^sha256:/) });
    expect(existsSync(join(folder, 'differs/index.json'))).toBe(true);
  }, 60_000);

  it('ends an image that forks, writes everywhere and hangs, and leaves nothing of it', async () => {
    const marker = `hang-${process.pid}`;
    const script = `(while :; do echo more >>/srv/${marker}; cat /srv/one >/dev/null; done) & trap '' TERM; while :; do cat /srv/two >/tmp/x; done`;
    const source = image('hangs', script, marker);
    writeFileSync(join(folder, 'hangs.yaml'), 'ready: { within: 500ms }\nprobes: [{ tcp: 9 }]\n');
    const ending = cinzel('contract', 'record', source, '--contract', 'hangs.yaml');
    await vi.waitFor(() => expect(running(marker)).not.toEqual([]), { timeout: 20_000, interval: 20 });
    expect(await ending).toMatchObject({ code: 2, stderr: expect.stringContaining('TCP 9') });
    expect(readdirSync(join(folder, 'cache/runs'))).toEqual([]);
    expect(running(marker)).toEqual([]);
  }, 60_000);

  it.skipIf(process.getuid?.() !== 0)(
    'says when it is the sandbox of one user that cannot run it',
    async () => {
      const source = image('users', ': >/tmp/x; chown 1:1 /tmp/x');
      writeFileSync(join(folder, 'users.yaml'), 'ready: { within: 500ms }\nprobes: [{ tcp: 9 }]\n');
      chmodSync(folder, 0o755);
      mkdirSync(join(folder, 'own'), { mode: 0o777 });
      chmodSync(join(folder, 'own'), 0o777);
      const user = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, cli];
      const env = plainEnvironment(join(folder, 'own'), { CINZEL_CACHE_DIR: join(folder, 'own/cache') });
      mkdirSync(join(folder, 'own/tmp'), { mode: 0o777 });
      const ended = await runProgram('setpriv', [...user, 'contract', 'record', source, '--contract', 'users.yaml'], {
        cwd: folder,
        env,
      });
      expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('sandbox cannot run this image') });
    },
    60_000,
  );
});

/** Processes of this machine that were started with this word. */
function running(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word);
    } catch {
      return false;
    }
  });
}
