/**
 * Calls that do the same: which one is made depends on the C library's version, the kernel's and the architecture, so
 * who may make one may make the others. In each family every call is no mightier than its siblings.
 */
const families = `
  open openat openat2 creat
  stat stat64 fstatat64 newfstatat statx lstat lstat64 fstat fstat64
  access faccessat faccessat2
  readlink readlinkat
  mkdir mkdirat
  mknod mknodat
  unlink unlinkat rmdir
  rename renameat renameat2
  link linkat
  symlink symlinkat
  chmod fchmod fchmodat fchmodat2
  chown lchown fchown fchownat
  utime utimes utimensat futimesat
  poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64
  epoll_create epoll_create1
  epoll_wait epoll_pwait epoll_pwait2
  eventfd eventfd2
  signalfd signalfd4
  inotify_init inotify_init1
  pipe pipe2
  dup dup2 dup3
  accept accept4
  recv recvfrom recvmsg recvmmsg read readv pread64 preadv preadv2
  send sendto sendmsg sendmmsg write writev pwrite64 pwritev pwritev2
  sendfile sendfile64 copy_file_range splice
  fork vfork
  wait4 waitpid waitid
  getdents getdents64
  getrlimit ugetrlimit setrlimit prlimit64
  gettimeofday time clock_gettime clock_gettime64 clock_getres
  nanosleep clock_nanosleep clock_nanosleep_time64
  futex futex_time64
  timerfd_settime timerfd_gettime timerfd_create
  mmap mmap2 mremap munmap
  fcntl fcntl64
  lseek _llseek
  ftruncate ftruncate64 truncate truncate64
  statfs statfs64 fstatfs fstatfs64
  fsync fdatasync
  fadvise64 fadvise64_64 readahead
  getuid getuid32 geteuid getgid getegid getresuid getresgid getgroups
  getpgrp getpgid getsid
  setpgid setsid
  kill tkill tgkill
  execve execveat
  alarm setitimer getitimer
  sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler
  pause rt_sigsuspend rt_sigtimedwait
`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(' '));

export function siblingsOf(call: string): readonly string[] {
  return families.filter((family) => family.includes(call)).flat();
}
