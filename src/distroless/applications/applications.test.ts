import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeZip } from '../../advisories/testing/make-zip.ts';
import { CinzelError } from '../../core/errors.ts';
import { makeElf } from '../../formats/elf/testing/make-elf.ts';
import { applicationKinds } from './index.ts';
import type { ApplicationKey } from './keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cinzel-application-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function files(contents: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const lay = (kind: ApplicationKey, path = '.', more: { main?: string; hasCommand?: boolean } = {}) =>
  applicationKinds[kind].lay({ folder, path, ignore: [], hasCommand: false, ...more });

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(() => undefined).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(CinzelError);
  return (error as CinzelError<'usage.application'>).parameters.fault;
}

describe('Node.js', () => {
  it.each([
    [{ main: 'lib' }, { 'lib/index.js': '' }, 'lib/index.js'],
    [{ scripts: { start: 'node ./run.js' }, main: 'lib.js' }, { 'run.js': '', 'lib.js': '' }, 'run.js'],
    [{ scripts: { start: 'node --inspect run.js' } }, { 'run.js': '', 'server.js': '' }, 'server.js'],
    [{}, { 'index.js': '' }, 'index.js'],
  ])('%j starts with what the project says', async (manifest, contents, main) => {
    files({ 'package.json': JSON.stringify(manifest), ...(contents as Record<string, string>) });
    const { document } = await lay('node');
    expect(document).toMatchObject({ entrypoint: ['/usr/bin/node'], cmd: [main], workdir: '/app' });
  });

  it('leaves out what npm noted as being for development, and secrets', async () => {
    const packages = { 'node_modules/a': {}, 'node_modules/@s/b': { dev: true }, '../x': { dev: true } };
    files({
      'package.json': '{"dependencies":{"a":"1"}}',
      'index.js': '',
      'node_modules/a/index.js': '',
      'node_modules/.package-lock.json': JSON.stringify({ packages }),
    });
    const [copied] = (await lay('node')).document.files ?? [];
    expect(copied).toMatchObject({ copy: '.', to: '/app' });
    const ignore = copied !== undefined && 'ignore' in copied ? (copied.ignore ?? []) : [];
    expect(ignore).toEqual(expect.arrayContaining(['node_modules/\\@s/b', '.env', '.npmrc']));
    expect(ignore.some((glob) => glob.includes('/a') || glob.includes('..'))).toBe(false);
  });

  it('names the dependencies that are not installed, and what would install them', async () => {
    files({ 'package.json': '{"dependencies":{"a":"1","@s/b":"2"}}', 'index.js': '', 'node_modules/a/x': '' });
    expect(await faultOf(lay('node'))).toEqual({
      kind: 'not-installed',
      path: folder,
      missing: ['@s/b'],
      command: 'npm ci --omit=dev',
    });
  });

  it('wants to know what is started, unless the recipe says it', async () => {
    files({ 'package.json': '{"main":"gone.js"}' });
    expect(await faultOf(lay('node'))).toMatchObject({ kind: 'no-main' });
    expect((await lay('node', '.', { hasCommand: true })).document.cmd).toBeUndefined();
    expect(await faultOf(lay('node', '.', { main: 'none.js', hasCommand: true }))).toMatchObject({
      tried: ['none.js'],
    });
  });

  it('refuses what is no project, and takes a single file', async () => {
    files({ 'one.js': '' });
    expect(await faultOf(lay('node'))).toMatchObject({ kind: 'other', expected: 'package.json' });
    expect((await lay('node', 'one.js')).document).toMatchObject({ cmd: ['one.js'], workdir: '/app' });
  });
});

describe('Python', () => {
  const environment = (version: string) => ({
    '.venv/pyvenv.cfg': `home = /opt/python/bin\ninclude-system-site-packages = false\n${version}\n`,
    '.venv/bin/tool': '#!/home/me/project/.venv/bin/python3\nprint(1)\n',
    '.venv/bin/pip': '#!/home/me/project/.venv/bin/python3\n',
    '.venv/bin/native': Buffer.from([0x7f, 0x45, 0x4c, 0x46]),
  });

  it('makes a virtual environment fit the image', async () => {
    files({ ...environment('version = 3.11.2'), 'main.py': '' });
    symlinkSync('/opt/python/bin/python3', join(folder, '.venv/bin/python'));
    const { document, checks } = await lay('python');
    expect(document).toMatchObject({ entrypoint: ['/app/.venv/bin/python'], cmd: ['main.py'] });
    expect(document.files).toContainEqual({ symlink: '/usr/bin/python3.11', to: '/app/.venv/bin/python' });
    expect(document.files).toContainEqual({
      text: '#!/app/.venv/bin/python\nprint(1)\n',
      to: '/app/.venv/bin/tool',
      mode: '0755',
    });
    expect(JSON.stringify(document.files)).not.toContain('bin/native');
    expect(JSON.stringify(document.files)).not.toContain('/opt/python');
    expect(checks).toContainEqual({ kind: 'runtime', path: '/app/.venv', language: 'python', version: '3.11' });
  });

  it('understands what other tools than venv note', async () => {
    files({ ...environment('version_info = 3.13.0.final.0'), 'main.py': '' });
    expect((await lay('python')).checks).toContainEqual(expect.objectContaining({ version: '3.13' }));
  });

  it('refuses requirements that nothing has installed', async () => {
    files({ 'main.py': '', 'requirements.txt': '# comment\nflask>=2 ; python_version > "3"\n-r more.txt\n' });
    expect(await faultOf(lay('python'))).toMatchObject({ kind: 'not-installed', missing: ['flask>=2'] });
  });
});

describe('Java', () => {
  const classFile = (version: number) => Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, version]);
  const jar = (manifest: string, name = 'com/x/Main.class', version = 65) =>
    makeZip({ 'META-INF/MANIFEST.MF': manifest, [name]: classFile(version) });

  it.each([
    ['Main-Class: com.x.Main\r\n', 'com/x/Main.class'],
    ['Main-Class: com.\r\n x.Main\r\n', 'com/x/Main.class'],
    ['Main-Class: boot.Launcher\r\nStart-Class: com.x.Main\r\n', 'BOOT-INF/classes/com/x/Main.class'],
  ])('%j: the Java that the class is for', async (manifest, name) => {
    files({ 'app.jar': jar(manifest, name) });
    const { document, checks } = await lay('java', 'app.jar');
    expect(document).toMatchObject({ entrypoint: ['/usr/bin/java', '-jar'], cmd: ['/app/app.jar'] });
    expect(checks).toEqual([{ kind: 'runtime', path: '/app/app.jar', language: 'java', version: '21' }]);
  });

  it('refuses an archive that starts nothing, and what is no archive', async () => {
    files({ 'library.jar': jar('Name: x\r\n'), 'text.jar': 'no' });
    expect(await faultOf(lay('java', 'library.jar'))).toMatchObject({ kind: 'no-main' });
    expect(await faultOf(lay('java', '.'))).toMatchObject({ kind: 'other' });
    await expect(lay('java', 'text.jar')).rejects.toMatchObject({ exitCode: 4 });
    await expect(lay('java', 'none.jar')).rejects.toMatchObject({ exitCode: 3 });
  });
});

describe('Ruby', () => {
  it('takes the gems that Bundler installed', async () => {
    files({ 'app.rb': '', 'vendor/bundle/ruby/3.1.0/gems/rack/x': '' });
    const { document, checks } = await lay('ruby');
    expect(document).toMatchObject({ cmd: ['app.rb'], env: { GEM_HOME: '/app/vendor/bundle/ruby/3.1.0' } });
    expect(checks).toContainEqual(expect.objectContaining({ language: 'ruby', version: '3.1' }));
  });

  it('refuses gems that nobody installed', async () => {
    files({ 'app.rb': '', Gemfile: "source 'x'\ngem 'sinatra', '~> 4'\n" });
    expect(await faultOf(lay('ruby'))).toMatchObject({ kind: 'not-installed', missing: ['sinatra'] });
  });
});

describe('PHP', () => {
  it('serves a page controller and runs anything else', async () => {
    files({ 'public/index.php': '', 'job.php': '' });
    expect((await lay('php')).document).toMatchObject({ cmd: ['-S', '0.0.0.0:8080', '-t', 'public'], ports: [8080] });
    expect((await lay('php', '.', { main: 'job.php' })).document).toMatchObject({ cmd: ['job.php'] });
  });

  it('checks what Composer was told and found', async () => {
    const require = { php: '>=8.2', 'ext-mbstring': '*', 'monolog/monolog': '^3' };
    files({ 'index.php': '', 'composer.json': JSON.stringify({ require }) });
    expect(await faultOf(lay('php'))).toMatchObject({ kind: 'not-installed', missing: ['monolog/monolog'] });
    const platform = '<?php if (!(PHP_VERSION_ID >= 80200)) {';
    files({ 'vendor/autoload.php': '', 'vendor/composer/platform_check.php': platform });
    expect((await lay('php')).checks).toEqual([
      { kind: 'runtime', path: '/app', language: 'php', version: '8.2' },
      { kind: 'php-modules', path: '/app', names: ['mbstring'] },
    ]);
  });
});

describe('binaries', () => {
  it.each([
    [[], undefined, 'static:nonroot'],
    [['libc.so.6', 'libm.so.6'], '/lib64/ld-linux-x86-64.so.2', 'base-nossl:nonroot'],
    [['libssl.so.3', 'libc.so.6'], '/lib64/ld-linux-x86-64.so.2', 'base:nonroot'],
    [['libstdc++.so.6', 'libc.so.6'], '/lib64/ld-linux-x86-64.so.2', 'cc:nonroot'],
  ])('that need %j stand on the smallest image that has it', async (needed, interpreter, expected) => {
    files({ run: makeElf({ needed, ...(interpreter === undefined ? {} : { interpreter }) }) });
    const base = await applicationKinds.binary.base({ folder, path: 'run', ignore: [], hasCommand: false });
    expect(base).toBe(expected);
    expect((await lay('binary', 'run')).document).toMatchObject({ entrypoint: ['/app/run'] });
  });

  it('refuses what is no program', async () => {
    files({ run: '#!/bin/sh\n' });
    expect(await faultOf(lay('binary', 'run'))).toMatchObject({ kind: 'other', expected: 'ELF' });
    expect(await faultOf(lay('binary', '.'))).toMatchObject({ kind: 'other' });
  });
});
