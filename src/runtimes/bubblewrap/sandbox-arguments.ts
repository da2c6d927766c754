import type { Account } from '../account.ts';
import { identityMounts, switchUser } from './switch-user.ts';

/** What container engines leave a container's root: without it, nothing that administers the machine. */
const capabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
] as const;

export interface SandboxPlan {
  /** Whether this machine's root runs it. */
  readonly privileged: boolean;
  /** The root, relative to where bwrap is started. */
  readonly root: string;
  readonly account: Account;
  readonly environment: ReadonlyMap<string, string>;
  readonly folder: string;
  readonly hostname: string;
  /** A file of this machine for each of /etc/hosts and its like. */
  readonly files: ReadonlyMap<string, string>;
  /** Network of its own; that of the caller without. */
  readonly ownNetwork: boolean;
  /** Number of an open descriptor of the namespace of processes to join. */
  readonly processes?: number;
  /** Number of a descriptor to which bwrap reports. */
  readonly report?: number;
}

/** The arguments of bwrap, up to the command that it shall run. */
export function sandboxArguments(plan: SandboxPlan): readonly string[] {
  const { privileged, root, account, environment, folder, hostname, files, ownNetwork, processes, report } = plan;
  const switches = privileged && account.uid + account.gid + account.groups.length > 0;
  return [
    '--bind',
    root,
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--ro-bind',
    '/sys',
    '/sys',
    ...[...files].flatMap(([path, source]) => ['--bind', source, path]),
    ...(switches ? identityMounts() : []),
    ...(processes === undefined ? ['--unshare-pid'] : ['--pidns', String(processes)]),
    '--unshare-ipc',
    '--unshare-uts',
    '--hostname',
    hostname,
    '--die-with-parent',
    '--new-session',
    ...(ownNetwork ? ['--unshare-net'] : []),
    ...(report === undefined ? [] : ['--json-status-fd', String(report)]),
    ...(privileged
      ? ['--cap-drop', 'ALL', ...capabilities.flatMap((name) => ['--cap-add', `CAP_${name}`])]
      : ['--unshare-user', '--uid', String(account.uid), '--gid', String(account.gid)]),
    '--clearenv',
    ...[...environment].flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir',
    folder,
    '--',
    ...(switches ? switchUser(account) : []),
  ];
}
