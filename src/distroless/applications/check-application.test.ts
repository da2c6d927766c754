import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../core/diagnostics.ts';
import { CinzelError } from '../../core/errors.ts';
import { makeElf } from '../../formats/elf/testing/make-elf.ts';
import { bytesFile } from '../files.ts';
import { imageTree } from '../image-tree.ts';
import type { ApplicationCheck } from './application.ts';
import { checkApplication } from './check-application.ts';

type Contents = Readonly<Record<string, Uint8Array | string>>;

/** What is thrown, or what is reported. */
function check(contents: Contents, ...checks: readonly ApplicationCheck[]): unknown {
  const files = Object.entries(contents).map(([path, content]) => bytesFile(path, Buffer.from(content)));
  const reported: Diagnostic[] = [];
  try {
    checkApplication(checks, {
      tree: imageTree([{ kind: 'application', label: 'x', files }]),
      architecture: { name: 'amd64', debian: 'amd64' },
      report: (diagnostic) => reported.push(diagnostic as Diagnostic),
    });
  } catch (error) {
    return error instanceof CinzelError ? (error as CinzelError<'usage.application'>).parameters.fault : error;
  }
  return reported.map(({ parameters }) => parameters);
}

const program = { kind: 'program', path: '/app/run' } as const;
const library = (soname: string, needed: readonly string[] = []) => makeElf({ soname, needed });

describe('libraries of a program', () => {
  it.each<[string, Contents]>([
    [
      'beside it',
      { '/app/run': makeElf({ needed: ['liba.so'], runpath: '$ORIGIN' }), '/app/liba.so': library('liba.so') },
    ],
    [
      'of the system',
      { '/app/run': makeElf({ needed: ['liba.so'] }), '/usr/lib/x86_64-linux-gnu/liba.so': library('liba.so') },
    ],
    [
      'found through its own RPATH by others',
      {
        '/app/run': makeElf({ needed: ['liba.so'], rpath: '/app/l' }),
        '/app/l/liba.so': library('liba.so', ['libb.so']),
        '/app/l/libb.so': library('libb.so'),
      },
    ],
    ['none', { '/app/run': makeElf({}) }],
  ])('%s', (_, contents) => {
    expect(check(contents, program)).toEqual([]);
  });

  it.each<[string, Contents, object]>([
    [
      'is not there',
      { '/app/run': makeElf({ needed: ['liba.so'] }) },
      { kind: 'library', path: '/app/run', name: 'liba.so' },
    ],
    [
      'of a library is not there',
      {
        '/app/run': makeElf({ needed: ['liba.so'], runpath: '/app/l' }),
        '/app/l/liba.so': library('liba.so', ['libb.so']),
        // A RUNPATH is for the file itself alone.
        '/app/l/libb.so': library('libb.so'),
      },
      { kind: 'library', path: '/app/l/liba.so', name: 'libb.so' },
    ],
    [
      'is for another processor',
      {
        '/app/run': makeElf({ needed: ['liba.so'], runpath: '$ORIGIN' }),
        '/app/liba.so': makeElf({ soname: 'liba.so', machine: 183 }),
      },
      { kind: 'library', name: 'liba.so' },
    ],
    ['is the program itself', { '/app/run': makeElf({ machine: 183 }) }, { kind: 'machine', machine: 183 }],
    ['is its loader', { '/app/run': makeElf({ interpreter: '/lib/ld-musl-x86_64.so.1' }) }, { kind: 'interpreter' }],
    ['is a script', { '/app/run': '#!/bin/sh' }, {}],
  ])('one %s', (name, contents, fault) => {
    expect(check(contents, program)).toMatchObject(name === 'is a script' ? [] : fault);
  });
});

const host = [
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/x86_64-linux-gnu/libselinux.so.1',
  '/lib/x86_64-linux-gnu/libpcre2-8.so.0',
  '/lib64/ld-linux-x86-64.so.2',
  '/bin/ls',
];

describe.skipIf(!host.every((path) => existsSync(path)))('versions of symbols', () => {
  const real = Object.fromEntries(host.map((path) => [path.replace('/bin/ls', '/app/run'), readFileSync(path)]));
  const renamed = (version: string): Contents => {
    const ls = Buffer.from(real['/app/run'] ?? '');
    for (let at = ls.indexOf('GLIBC_2.34\0'); at >= 0; at = ls.indexOf('GLIBC_2.34\0', at))
      ls.write(version, at, 'latin1');
    return { ...real, '/app/run': ls };
  };

  it('that the library has are no fault', () => {
    expect(check(real, program)).toEqual([]);
  });

  it('that it has not are told with the symbol, what there is, and who has more', () => {
    const fault = check(renamed('GLIBC_2.99'), program);
    expect(fault).toEqual({
      kind: 'version',
      path: '/app/run',
      library: 'libc.so.6',
      version: 'GLIBC_2.99',
      symbol: '__libc_start_main',
      available: expect.stringMatching(/^GLIBC_2\.\d\d$/),
    });
  });
});

describe('what interpreters load', () => {
  const extensions = { kind: 'extensions', folder: '/app' } as const;

  it('is reported and ends nothing; what is for others is passed over', () => {
    const contents = {
      '/app/node_modules/a/a.node': makeElf({ needed: ['libgone.so.1'] }),
      '/app/node_modules/a/musl.node': makeElf({ needed: ['libc.musl-x86_64.so.1'] }),
      '/app/node_modules/a/arm.node': makeElf({ machine: 183, needed: ['libgone.so.1'] }),
      '/app/node_modules/a/text.node': 'no',
    };
    expect(check(contents, extensions)).toEqual([
      { fault: { kind: 'library', path: '/app/node_modules/a/a.node', name: 'libgone.so.1' } },
    ]);
  });
});

describe('runtimes', () => {
  const runtime = (language: 'python' | 'java' | 'ruby' | 'php', version: string): ApplicationCheck => ({
    kind: 'runtime',
    path: '/app',
    language,
    version,
  });

  it.each([
    ['python', '3.11', { '/usr/bin/python3.11': '' }],
    ['java', '11', { '/usr/lib/jvm/java-17-openjdk-amd64/bin/java': '' }],
    ['php', '8.1', { '/usr/bin/php8.2': '' }],
  ] as const)('%s %s fits', (language, version, contents) => {
    expect(check(contents, runtime(language, version))).toEqual([]);
  });

  it.each([
    [
      'python',
      '3.13',
      { '/usr/bin/python3.11': '' },
      { needed: 'Python 3.13', available: 'Python 3.11', release: 'debian13' },
    ],
    ['python', '3.11', { '/usr/bin/python3.13': '' }, { needed: 'Python 3.11', release: 'debian12' }],
    [
      'java',
      '21',
      { '/usr/lib/jvm/java-17-openjdk-amd64/bin/java': '' },
      { available: 'Java 17', release: 'debian13' },
    ],
    ['java', '25', { '/usr/lib/jvm/java-21-openjdk-amd64/bin/java': '' }, { available: 'Java 21' }],
    ['ruby', '3.1', { '/usr/bin/ruby3.3': '' }, { release: 'debian12' }],
    ['php', '8.2', {}, { needed: 'PHP 8.2', release: 'debian12' }],
  ] as const)('%s %s does not fit', (language, version, contents, fault) => {
    expect(check(contents, runtime(language, version))).toMatchObject({ kind: 'runtime', ...fault });
  });

  it('PHP modules that are not enabled are named with their packages', () => {
    const contents = { '/usr/bin/php8.2': '', '/etc/php/8.2/cli/conf.d/20-ctype.ini': '' };
    const modules = { kind: 'php-modules', path: '/app', names: ['ctype', 'JSON', 'mbstring'] } as const;
    expect(check(contents, modules)).toMatchObject({
      missing: ['ext-mbstring'],
      command: 'packages: [php8.2-mbstring]',
    });
  });
});
