import { defaultSystemCalls } from './default-system-calls.ts';
import type { Profile, ProfileFacts } from './model.ts';
import { siblingsOf } from './system-call-families.ts';

/** libseccomp's names: an architecture's own, and those whose programs its kernel runs too. */
const architectures: Readonly<Record<string, readonly [string, ...string[]]>> = {
  '386': ['SCMP_ARCH_X86'],
  amd64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm: ['SCMP_ARCH_ARM'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
  ppc64le: ['SCMP_ARCH_PPC64LE'],
  riscv64: ['SCMP_ARCH_RISCV64'],
  s390x: ['SCMP_ARCH_S390X', 'SCMP_ARCH_S390'],
};

/**
 * What engines and their runtimes (runc, crun) call after they have loaded the profile and before the program begins,
 * whether or not new privileges are allowed; and what every program calls to begin, end and be signalled.
 */
const start = `
  arch_prctl brk capget capset chdir chroot close close_range dup dup3 epoll_ctl epoll_pwait execve exit exit_group faccessat2 fchdir
  fchown fcntl fstat fstatfs futex getcwd getdents64 getegid geteuid getgid getpid getppid getrandom gettid getuid ioctl kill lseek madvise
  mmap mprotect munmap nanosleep newfstatat openat pread64 prctl prlimit64 read readlinkat restart_syscall rseq rt_sigaction
  rt_sigprocmask rt_sigreturn sched_getaffinity sched_yield seccomp set_robust_list set_tid_address setgid setgroups setresgid setresuid setsid
  setuid sigaltstack statx tgkill umask write
`
  .trim()
  .split(/\s+/);

/** Calls that libraries try before older ones, and on which ENOSYS must be said where an engine ignores `defaultErrnoRet`. */
const newer = [
  'clone3',
  'close_range',
  'copy_file_range',
  'epoll_pwait2',
  'faccessat2',
  'fchmodat2',
  'io_uring_setup',
  'landlock_create_ruleset',
  'openat2',
  'pidfd_open',
  'statx',
];
/** The number of ENOSYS on every architecture of the table. */
const noSuchCall = 38;

/** Every flag of clone(2) that makes a namespace. */
const namespaceFlags = 0x7e02_0000;
/** Plain Linux, its 32-bit form, and the question which one it is (personality(2)). */
const personalities = [0, 8, 0xffff_ffff];

/**
 * A seccomp profile as the OCI runtime specification has it (config-linux.md, "Seccomp"), which Docker, Podman,
 * containerd and CRI-O read. From a trace: what was called, what the C library may call instead, and what containers
 * need to start. Without one: what default profiles let a container without capabilities call. Anything else fails
 * with ENOSYS, on which libraries fall back to older calls.
 */
export const seccomp: Profile = {
  render: (facts) => {
    const { names, traced } = systemCalls(facts);
    const [own, ...others] = architectures[facts.architecture] ?? [];
    const profile = {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: noSuchCall,
      architectures: [...(own === undefined ? [] : [own]), ...(traced ? [] : others)],
      syscalls: [
        { names, action: 'SCMP_ACT_ALLOW' },
        { names: newer.filter((name) => !names.includes(name)), action: 'SCMP_ACT_ERRNO', errnoRet: noSuchCall },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: cloneFlags(facts), value: namespaceFlags, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
        },
        ...personalities.map((value) => ({
          names: ['personality'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
        })),
      ],
    };
    return `${JSON.stringify(profile, undefined, 2)}\n`;
  },
};

function systemCalls({ trace }: ProfileFacts): { readonly names: readonly string[]; readonly traced: boolean } {
  const calls = trace?.calls;
  // `clone3` passes its flags in memory, where no profile sees them; refused, it is done by `clone`.
  const names = calls === undefined ? defaultSystemCalls : [...start, ...calls, ...calls.flatMap(siblingsOf)];
  const plain = [...new Set(names)].filter((name) => !/^(?:clone3?|personality)$/.test(name)).sort();
  return { names: plain, traced: calls !== undefined };
}

/** s390 has the stack before the flags. */
function cloneFlags({ architecture }: ProfileFacts): number {
  return architecture === 's390x' ? 1 : 0;
}
