import { describe, expect, it } from 'vitest';
import { probeBy } from './probe-command.ts';
import { readProbe } from './read-probe.ts';

const page = { kind: 'http', url: 'http://localhost:8080/health' } as const;

describe('readProbe', () => {
  it.each([
    [['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'], page],
    [['CMD-SHELL', 'curl --fail --silent --show-error localhost:8080/health > /dev/null 2>&1 || exit 1'], page],
    [['CMD-SHELL', 'curl -fsS -o /dev/null -m 3 "http://localhost:8080/health"'], page],
    [['CMD', 'curl', '-fsSL', 'http://localhost:8080/health'], page],
    [['CMD-SHELL', "wget --no-verbose --tries=1 --spider 'http://localhost:8080/health' || exit 1"], page],
    [['CMD', '/usr/bin/wget', '-qO-', 'http://localhost:8080/health'], page],
    [['CMD-SHELL', 'wget -q -O /dev/null http://localhost:8080/health || exit 1;'], page],
    [['CMD-SHELL', 'nc -z localhost 6379 || exit 1'], { kind: 'tcp', port: 6379 }],
    [['CMD', 'nc', '-zv', '-w', '2', '127.0.0.1', '80'], { kind: 'tcp', port: 80 }],
  ])('understands %j', (test, probe) => expect(readProbe(test)?.probe).toEqual(probe));

  it.each([
    [['NONE']],
    [[]],
    [['CMD', '/app/check']],
    [['CMD-SHELL', 'curl http://localhost/ || exit 1']],
    [['CMD-SHELL', 'curl -f http://localhost:$PORT/ || exit 1']],
    [['CMD-SHELL', 'curl -f http://localhost/ | grep ok']],
    [['CMD-SHELL', 'curl -f http://localhost/ && test -f /ready']],
    [['CMD-SHELL', 'curl -f http://localhost/; exit 0']],
    [['CMD-SHELL', 'curl -fk https://localhost/ || exit 1']],
    [['CMD-SHELL', 'curl -f -H "X: y" http://localhost/']],
    [['CMD-SHELL', 'curl -f -X POST http://localhost/']],
    [['CMD-SHELL', 'curl -f http://a:b@localhost/']],
    [['CMD-SHELL', 'curl -f http://localhost/a http://localhost/b']],
    [['CMD-SHELL', 'curl -f http://localhost/ || kill 1']],
    [['CMD-SHELL', 'nc localhost 80']],
    [['CMD-SHELL', 'nc -z db.example 80']],
  ])('leaves %j alone', (test) => expect(readProbe(test)).toBeUndefined());
});

describe('probeBy', () => {
  it('asks by a runtime that is there', () => {
    expect(probeBy('/usr/local/bin/node', { kind: 'tcp', port: 80 })?.[0]).toBe('/usr/local/bin/node');
    expect(probeBy('/usr/local/bin/python3.12', page)?.at(-1)).toBe(page.url);
    expect(probeBy('/usr/sbin/nginx', page)).toBeUndefined();
  });
});
