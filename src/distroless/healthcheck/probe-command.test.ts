import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeCommand } from './probe-command.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/ill' ? 503 : 200;
    response.end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** Runs a program of this machine with the words of the command; gives its exit status. */
async function statusOf(program: string, words: readonly string[]): Promise<number> {
  const ran = promisify(execFile)(program, [...words], { timeout: 20_000 });
  return ran.then(() => 0).catch((error: { readonly code?: number }) => error.code ?? -1);
}

// A machine need not have the version that an image has: any program of the language understands the script.
const programs = [
  ['nodejs', process.execPath],
  ['python3.11', '/usr/bin/python3'],
  ['ruby3.1', '/usr/bin/ruby'],
  ['php8.2-cli', '/usr/bin/php'],
  ['perl', '/usr/bin/perl'],
] as const;

describe.each(programs.filter(([, program]) => existsSync(program)))('a healthcheck by %s', (name, program) => {
  const words = (probe: Parameters<typeof probeCommand>[0]): readonly string[] =>
    probeCommand(probe, ['libc6', name]).command.slice(1);

  it('tells a page that answers from one that fails and one that is not there', async () => {
    const http = (url: string) => statusOf(program, words({ kind: 'http', url }));
    expect(await http(`http://127.0.0.1:${port}/`)).toBe(0);
    expect(await http(`http://127.0.0.1:${port}/ill`)).toBeGreaterThan(0);
    expect(await http('http://127.0.0.1:1/')).toBeGreaterThan(0);
  });

  it('tells a port that takes connections from one that does not', async () => {
    expect(await statusOf(program, words({ kind: 'tcp', port }))).toBe(0);
    expect(await statusOf(program, words({ kind: 'tcp', port: 1 }))).toBeGreaterThan(0);
  });
});

describe('a healthcheck', () => {
  it('names the program that the package brings', () => {
    const program = (name: string) => probeCommand({ kind: 'tcp', port: 1 }, [name]).command[0];
    expect(programs.map(([name]) => program(name))).toEqual([
      '/usr/bin/node',
      '/usr/bin/python3.11',
      '/usr/bin/ruby3.1',
      '/usr/bin/php8.2',
      '/usr/bin/perl',
    ]);
    expect(program('python3.13-minimal')).toBe('/usr/bin/python3.13');
  });

  it('needs single commands of BusyBox where there is no runtime', () => {
    expect(probeCommand({ kind: 'http', url: 'http://127.0.0.1/' }, ['nginx'])).toMatchObject({ applets: ['wget'] });
    expect(probeCommand({ kind: 'tcp', port: 80 }, []).applets).toEqual(['nc', 'true']);
    expect(() => probeCommand({ kind: 'http', url: 'https://127.0.0.1/' }, [])).toThrow(/http:/);
  });
});
