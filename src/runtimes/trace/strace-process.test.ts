import { expect, it } from 'vitest';
import { isSandbox, StraceProcess } from './strace-process.ts';
import { mergeTraces, traceOf } from './trace-of.ts';

const log = [
  'execve("/usr/bin/node", ["node"], 0x7f /* 1 var */) = 0',
  'openat(AT_FDCWD</app>, "server.js", O_RDONLY|O_CLOEXEC) = 3</app/server.js>',
  'openat(5</etc>, "missing", O_RDONLY) = -1 ENOENT (No such file or directory)',
  'newfstatat(AT_FDCWD</app>, "/opt/\\303\\251", 0x7f, 0) = -1 ENOENT (No such file or directory)',
  'chdir("/srv") = 0',
  'access("data", R_OK) = 0',
  'openat(AT_FDCWD</srv>, "/run/a.pid", O_WRONLY|O_CREAT, 0644) = 4</run/a.pid>',
  'rename("/run/old", "/run/new") = 0',
  'openat(AT_FDCWD</srv>, "/proc/self/maps", O_RDONLY) = 5</proc/1/maps>',
  'openat(AT_FDCWD</srv>, "/root/secret", O_RDONLY) = -1 EACCES (Permission denied)',
];

it('follows the paths of a process', () => {
  const process = new StraceProcess('/');
  const trace = traceOf(log.flatMap((line) => process.read(line)));
  expect(trace).toEqual({
    schemaVersion: 1,
    executed: ['/usr/bin/node'],
    opened: ['/app/server.js', '/run/a.pid'],
    looked: ['/srv', '/srv/data'],
    missed: ['/etc/missing'],
    absent: ['/opt/é'],
    written: ['/run/a.pid', '/run/new', '/run/old'],
  });
  expect(mergeTraces([trace, { ...trace, opened: ['/a'] }]).opened).toEqual(['/a', '/app/server.js', '/run/a.pid']);
});

it('knows the sandbox from what runs in it', () => {
  expect(isSandbox('pivot_root(".", ".") = 0')).toBe(true);
  expect(isSandbox('execve("/usr/bin/bwrap", ["bwrap"], 0x1) = 0')).toBe(true);
  expect(log.some(isSandbox)).toBe(false);
});
