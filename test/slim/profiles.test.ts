import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLayer, makeLayout } from '../../src/image/testing/make-layout.ts';
import { machinePrograms } from '../../src/operations/testing/machine-programs.ts';
import { cli, type Ended, makeFolder, plainEnvironment, runProgram } from '../cli/run.ts';
import { type DockerEngine, hasDocker, startDocker } from '../docker-engine.ts';

const { path: folder, remove } = makeFolder();
afterAll(remove);
const possible = process.env['CI'] !== undefined || hasDocker();

function cinzel(...args: readonly string[]): Promise<Ended> {
  const env = plainEnvironment(folder, { CINZEL_CACHE_DIR: join(folder, 'cache'), CINZEL_OFFLINE: '1' });
  return runProgram(process.execPath, [cli, ...args], { cwd: folder, env });
}

/** An image of a script that writes into a folder and reads what it wrote. */
function makeImage(): void {
  const run = { name: 'app/run', content: '#!/usr/bin/sh\necho one > /data/file\ncat /data/file\n', mode: 0o755 };
  makeLayout(join(folder, 'source'), {
    layers: [makeLayer([...machinePrograms(['cat', 'chown']), { name: 'data/', mode: 0o1777 }]), makeLayer([run])],
    config: { Entrypoint: ['/app/run'], WorkingDir: '/app' },
  });
}

it('says what is lacking', async () => {
  makeImage();
  const slim = ['slim', 'oci:source', '--plan', '--profile'];
  for (const wrong of ['selinux=x', 'seccomp', 'written-paths=x']) {
    expect(await cinzel(...slim, wrong), wrong).toMatchObject({ code: 2, stdout: '' });
  }
  const traced = await cinzel('slim', 'oci:source', '--plan', '--trace', '--runtime', 'docker');
  expect(traced).toMatchObject({ code: 2, stderr: expect.stringContaining('--runtime bubblewrap') });
});

describe.skipIf(!possible)('profiles of a traced run', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    makeImage();
    engine = await startDocker(folder);
  }, 90_000);
  afterAll(() => engine?.stop());

  it('let an engine run the image, with a root that cannot be written to, and nothing else', async () => {
    const files = ['--profile', 'seccomp=seccomp.json', '--profile', 'written-paths=written.txt'];
    const kept = ['--keep', '/usr/bin/chown', '-t', 'confined:1', '-o', 'docker-archive:slim.tar'];
    expect(await cinzel('slim', 'oci:source', '--trace', ...kept, ...files)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'written.txt'), 'utf8')).toBe('/data/file\n');
    await engine.command('load', '-i', join(folder, 'slim.tar'));
    const run = ['run', '--rm', '--network', 'none', '--read-only', '--tmpfs', '/data', '--cap-drop', 'ALL'];
    const confined = [...run, '--security-opt', `seccomp=${join(folder, 'seccomp.json')}`];
    for (const more of [[], ['--security-opt', 'no-new-privileges']]) {
      expect(await engine.command(...confined, ...more, 'confined:1')).toBe('one\n');
    }
    const other = ['--entrypoint', '/usr/bin/chown', 'confined:1', '0:0', '/data'];
    expect(await engine.command(...run, ...other)).toBe('');
    await expect(engine.command(...confined, ...other)).rejects.toThrow(/chown/);
  }, 60_000);
});
