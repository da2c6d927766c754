import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeRecording } from '../distroless/contract/recording-file.ts';
import { makeLayer, makeLayout, type TestEntry } from '../image/testing/make-layout.ts';
import { checkAnswers, recordAnswers } from './contract.ts';
import { slim } from './slim.ts';
import { machinePrograms } from './testing/machine-programs.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toolbox = () => testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') }, { environment: process.env });
const runtime = { runtime: 'bubblewrap', hostNetwork: false } as const;
const tools = ['bwrap', 'strace', 'nsenter', 'setpriv'];
const possible = process.env['CI'] !== undefined || tools.every((tool) => spawnSync(tool, ['--version']).status === 0);

function image(name: string, script: string, more: readonly TestEntry[] = [], config: object = {}): string {
  const entries = [
    ...machinePrograms(['cat', 'id', 'printf']),
    { name: 'tmp/', mode: 0o1777 },
    { name: 'srv/data', content: 'the data\n' },
    ...more,
  ];
  makeLayout(join(folder, name), {
    layers: [makeLayer(entries), makeLayer([{ name: 'app/run', content: `#!/usr/bin/sh\n${script}\n`, mode: 0o755 }])],
    config: { Entrypoint: ['/app/run'], WorkingDir: '/app', ...config },
  });
  return `oci:${join(folder, name)}`;
}

function contract(text: string): string {
  const path = join(folder, 'cinzel.contract.yaml');
  writeFileSync(path, text);
  return path;
}

describe.skipIf(!possible)('a contract', () => {
  it('is derived of a program that ends, and tells when another ends otherwise', async () => {
    const { recording, strength } = await recordAnswers(
      image('ends', 'echo $$ >/tmp/pid; cat /srv/data; exit 3'),
      { ...runtime, trace: true },
      toolbox(),
    );
    expect(recording.answers).toMatchObject([{ name: 'run', fields: { code: '3', stdout: 'the data\n' } }]);
    expect(strength.level).toBe('weak');
    const answers = join(folder, 'answers.json');
    writeFileSync(answers, encodeRecording(recording));
    const check = (script: string) =>
      checkAnswers(image('other', script), { ...runtime, answers, trace: false }, toolbox());
    expect((await check('cat /srv/data; exit 3')).result).toMatchObject({ equal: true, differences: [] });
    rmSync(join(folder, 'other'), { recursive: true });
    expect((await check('cat /srv/none; exit 4')).result.differences).toMatchObject([
      { probe: 'run', field: 'code', expected: '3', actual: '4' },
      { probe: 'run', field: 'stdout', expected: 'the data\n', actual: '' },
    ]);
  });

  it('runs what the image runs where it is given no arguments', async () => {
    const command = { Entrypoint: [], Cmd: ['/usr/bin/cat', '/srv/data'] };
    const { recording } = await recordAnswers(
      image('command', '', [], command),
      { ...runtime, trace: false },
      toolbox(),
    );
    expect(recording.answers).toMatchObject([{ name: 'run', fields: { code: '0', stdout: 'the data\n' } }]);
  });

  it('tells of a program that cannot be started as shells do', async () => {
    const path = contract('probes: [{run: [], command: [/nowhere]}, {run: [], command: [/srv/data]}]');
    const { recording } = await recordAnswers(
      image('starts', ''),
      { ...runtime, contract: path, trace: false },
      toolbox(),
    );
    expect(recording.answers.map(({ fields }) => fields['code'])).toEqual(['127', '126']);
  });

  it('is played on no image of another processor, unless something emulates it', async () => {
    const architecture = process.arch === 's390x' ? 'amd64' : 's390x';
    const emulated = existsSync(`/proc/sys/fs/binfmt_misc/qemu-${architecture}`);
    const name = 'foreign';
    makeLayout(join(folder, name), {
      layers: [makeLayer([{ name: 'run', content: '', mode: 0o755 }])],
      config: { Cmd: ['/run'] },
      architecture,
    });
    const options = { ...runtime, trace: false };
    const foreign = testToolbox({ offline: true, platform: architecture }, { environment: process.env });
    const recorded = recordAnswers(`oci:${join(folder, name)}`, options, foreign);
    if (!emulated) await expect(recorded).rejects.toMatchObject({ code: 'environment.platform', exitCode: 3 });
  });

  it('is played as the user of the image, in files and a network of its own', async () => {
    const reference = image('user', 'id -u; id -G; cat /proc/net/dev', [], { User: '1000:50' });
    const path = contract('probes: [{run: [], mask: ["^ *lo:.*"]}, {run: [-c, "exit 7"], command: [sh]}]');
    const { recording } = await recordAnswers(reference, { ...runtime, contract: path, trace: false }, toolbox());
    const [first, second] = recording.answers;
    if (process.getuid?.() === 0) expect(first?.fields['stdout']).toMatch(/^1000\n50\n/);
    expect(first?.fields['stdout']?.trim().split('\n').slice(-1)).toEqual(['«*»']);
    expect(second?.fields['code']).toBe('7');
    expect(readdirSync(join(folder, 'cache/runs'))).toEqual([]);
  });

  it('that its own image does not keep is refused', async () => {
    const path = contract('ready: {within: 300ms}\nprobes: [{http: /}]');
    const recording = recordAnswers(
      image('refused', 'exit 0'),
      { ...runtime, contract: path, trace: false },
      toolbox(),
    );
    await expect(recording).rejects.toMatchObject({ code: 'usage.contract-fails', parameters: { probe: 'GET /' } });
  });

  it('tells that nobody listens, and does not wait for ever', async () => {
    const path = contract('ready: {after: 1ms, log: up}\nprobes: [{tcp: 9}]');
    const reference = image('deaf', 'echo up; while :; do :; done');
    const recording = recordAnswers(reference, { ...runtime, contract: path, trace: false }, toolbox());
    await expect(recording).rejects.toMatchObject({ parameters: { probe: 'TCP 9', problem: 'nobody listens' } });
  }, 20_000);

  it('repairs what slimming took away too much of', async () => {
    const reference = image('computed', String.raw`cat "$(printf '\057srv\057data')"`);
    const destination = `oci:${join(folder, 'slim')}`;
    const options = { compression: 'gzip', application: [], strict: true, destination } as const;
    expect(
      (await slim(reference, { ...options, destination: `oci:${join(folder, 'bare')}` }, toolbox())).behaviour,
    ).toBe('not checked');
    const report = await slim(reference, { ...options, proof: runtime }, toolbox());
    expect(report).toMatchObject({ behaviour: 'equal', contract: { differences: [] } });
    expect(report.contract?.repairs).toContainEqual({ path: '/srv/data', detail: 'looked for in vain', whole: true });
    expect(report.entries.find(({ path }) => path === '/srv/data')).toMatchObject({ fate: 'kept', reason: 'trace' });
  });
});
