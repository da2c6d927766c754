import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type MemoryLayer, memoryFilesystem } from '../../inventory/testing/memory-filesystem.ts';
import type { PlanEntry } from '../../reach/plan/model.ts';
import { profiles } from './index.ts';
import type { ProfileFacts } from './model.ts';

const hasParser = spawnSync('apparmor_parser', ['--version']).status === 0;

/** Facts of an image of which every file is kept. */
function factsOf(files: MemoryLayer, parts: Partial<ProfileFacts> = {}): ProfileFacts {
  const filesystem = memoryFilesystem(files);
  const entries = [...filesystem.entries()].map(
    ({ path, type, size }): PlanEntry => ({ path, type, size, fate: 'kept', reason: 'application' }),
  );
  return {
    name: 'registry.example/team/app:1',
    architecture: 'amd64',
    config: {},
    account: { uid: 1000, gid: 100, groups: [], home: '/' },
    needs: [],
    plan: { entries, packages: [] },
    filesystem,
    ...parts,
  };
}

function traceOf(written: readonly string[], calls?: readonly string[]): NonNullable<ProfileFacts['trace']> {
  const nothing = { opened: [], executed: [], looked: [], missed: [], absent: [] };
  return { schemaVersion: 1, ...nothing, written, ...(calls === undefined ? {} : { calls }) };
}

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly unknown[];
}

async function allowedCalls(facts: ProfileFacts): Promise<readonly string[]> {
  const { syscalls } = JSON.parse(await profiles.seccomp.render(facts)) as { readonly syscalls: readonly Rule[] };
  return syscalls.flatMap(({ names, action, args }) =>
    action === 'SCMP_ACT_ALLOW' && args === undefined ? names : [],
  );
}

describe('the seccomp profile', () => {
  it('of a trace allows what was called, what stands for it elsewhere, and what begins a container', async () => {
    const allowed = await allowedCalls(factsOf({}, { trace: traceOf([], ['poll', 'clone3', 'ptrace']) }));
    expect(allowed).toEqual(expect.arrayContaining(['poll', 'ppoll', 'ptrace', 'execve', 'exit_group']));
    for (const other of ['socket', 'clone3', 'clone', 'mount', 'bpf']) expect(allowed).not.toContain(other);
  });

  it('without one allows nothing that needs a capability', async () => {
    const allowed = await allowedCalls(factsOf({}));
    expect(allowed).toEqual(expect.arrayContaining(['socket', 'openat', 'epoll_wait', 'arch_prctl']));
    for (const other of ['mount', 'setns', 'unshare', 'bpf', 'init_module', 'reboot', 'clone3', 'ptrace', 'keyctl']) {
      expect(allowed).not.toContain(other);
    }
  });
});

describe('the Kubernetes profile', () => {
  it('mounts what a run wrote to, and only over what nothing of the image would be hidden in', async () => {
    const files = { '/data/keep': '', '/app/main': '', '/var/run': { link: '/run' }, '/run/old.pid': '' };
    const trace = traceOf(['/tmp/a/b', '/tmp/c', '/var/run/app.pid', '/run/old.pid', '/app/__pycache__/m.pyc']);
    const pod = parse(await profiles.kubernetes.render(factsOf(files, { trace }))) as {
      readonly spec: { readonly containers: readonly [Record<string, unknown>] };
    };
    const [container] = pod.spec.containers;
    expect(container['securityContext']).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(container['volumeMounts']).toEqual([
      { name: 'written-1', mountPath: '/run' },
      { name: 'written-2', mountPath: '/tmp' },
    ]);
    const mixed = await profiles.kubernetes.render(factsOf(files, { trace: traceOf(['/data/new']) }));
    expect(mixed).toContain('readOnlyRootFilesystem: false');
    expect(mixed).toContain('"/data" has files of the image');
  });

  it('adds what a low port and a change of user need', async () => {
    const config = { exposedPorts: ['80/tcp'] };
    const root = { uid: 0, gid: 0, groups: [], home: '/' };
    const needs = [{ kind: 'program', detail: '/usr/sbin/nginx' }] as const;
    const asRoot = parse(await profiles.kubernetes.render(factsOf({}, { config, account: root, needs })));
    expect(asRoot).toMatchObject({
      spec: {
        securityContext: { runAsNonRoot: false },
        containers: [
          { securityContext: { capabilities: { add: expect.arrayContaining(['NET_BIND_SERVICE', 'SETUID']) } } },
        ],
      },
    });
    expect(parse(await profiles.kubernetes.render(factsOf({}, { config })))).toMatchObject({
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 1000, sysctls: [{ value: '0' }] },
        containers: [{ securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }],
      },
    });
  });
});

describe('the AppArmor profile', () => {
  const hostile = '/bin/a"b,\n  capability sys_admin,\n[x]{y}*?@{HOME}\\';

  it('executes programs that are kept, and lets no name of a file become a rule', async () => {
    const files = { [hostile]: { mode: 0o755 }, '/bin/run': { mode: 0o755 }, '/bin/data': '' };
    const text = await profiles.apparmor.render(factsOf(files, { trace: traceOf([`${hostile}/x`, '/data/y']) }));
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines).toContain('"/bin/run" mrix,');
    expect(lines).toContain('"/data/**" rwlk,');
    expect(text).not.toContain('"/bin/data"');
    expect(lines).not.toContain('capability sys_admin,');
  });

  it.skipIf(!hasParser && process.env['CI'] === undefined)('is accepted by AppArmor', async () => {
    const files = { [hostile]: { mode: 0o755 }, '/lib/x y.so': { mode: 0o755 } };
    for (const trace of [undefined, traceOf([`${hostile}/x`, '/x', '/data/ü'])]) {
      const config = { exposedPorts: ['80/tcp'] };
      const input = await profiles.apparmor.render(factsOf(files, { config, ...(trace && { trace }) }));
      const { status, stderr } = spawnSync('apparmor_parser', ['-Q', '-K'], { input, encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    }
  });
});

it('the list of written paths has one a line, links in folders followed', async () => {
  const files = { '/var/run': { link: '/run' }, '/run/x': '' };
  const trace = traceOf(['/var/run/b', '/run/b', '/tmp/a\nb']);
  expect(await profiles['written-paths'].render(factsOf(files, { trace }))).toBe('/run/b\n/tmp/a\\u{a}b\n');
});
