import { describe, expect, it } from 'vitest';
import { type MemoryEntry, memoryFilesystem } from '../../inventory/testing/memory-filesystem.ts';
import { ImageTree } from '../../reach/image-tree.ts';
import { directStart } from './direct-start.ts';

type Config = Parameters<typeof directStart>[0];
const program: MemoryEntry = { mode: 0o755, content: 'program' };
const tools = Object.fromEntries(
  ['sh', 'bash', 'node', 'npm', 'yarn', 'pnpm'].map((name) => [`/usr/bin/${name}`, program]),
);

async function start(config: Config, files: Readonly<Record<string, MemoryEntry>> = {}): Promise<Config | undefined> {
  const tree = new ImageTree(memoryFilesystem({ ...tools, ...files }), 40);
  return (await directStart({ workingDir: '/app', ...config }, tree))?.becomes;
}

describe('what an entrypoint comes down to', () => {
  it('is the one plain command of a shell', async () => {
    expect(await start({ cmd: ['/bin/sh', '-c', 'node "my server.js" --port 80'] })).toEqual({
      cmd: ['node', 'my server.js', '--port', '80'],
    });
    expect(await start({ entrypoint: ['bash', '-c', 'exec node server.js'] })).toEqual({
      entrypoint: ['node', 'server.js'],
    });
  });

  it.each([
    'node $FILE',
    'PORT=80 node server.js',
    'cd /srv && node server.js',
    'node server.js > log',
    'cd /srv',
    'exec -a name node',
    'node *.js',
    'node ~/server.js',
    'other server.js',
    '',
  ])('is nothing else: %s', async (line) => {
    expect(await start({ cmd: ['/bin/sh', '-c', line] })).toBeUndefined();
  });

  it('is the command of a script that hands on to it', async () => {
    const script = (text: string): Readonly<Record<string, MemoryEntry>> => ({
      '/run.sh': { mode: 0o755, content: text },
    });
    const config = { entrypoint: ['/run.sh'], cmd: ['node', 'server.js'] };
    expect(await start(config, script('#!/bin/sh\n# Starts it.\nset -e\n\nexec "$@"\n'))).toEqual({
      cmd: ['node', 'server.js'],
    });
    expect(await start(config, script('#!/bin/sh\nexport A=1\nexec "$@"\n'))).toBeUndefined();
    expect(await start(config, script('#!/bin/sh\nexec node other.js\n'))).toBeUndefined();
    expect(await start({ entrypoint: ['/run.sh'] }, script('#!/bin/sh\nexec "$@"\n'))).toBeUndefined();
  });

  it('is what the script of an official image makes of its arguments', async () => {
    const node = [
      '#!/bin/sh',
      'set -e',
      `if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ] || { [ -f "\${1}" ] && ! [ -x "\${1}" ]; }; then`,
      '  set -- node "$@"',
      'fi',
      'exec "$@"',
      '',
    ].join('\n');
    const files = { '/entry.sh': { mode: 0o755, content: node } };
    const given = async (...cmd: readonly string[]): Promise<Config | undefined> =>
      start({ entrypoint: ['/entry.sh'], cmd }, files);
    expect(await given('node', 'server.js')).toEqual({ cmd: ['node', 'server.js'] });
    expect(await given('server.js')).toEqual({ entrypoint: ['node', 'server.js'] });
    expect(await given('--inspect', 'server.js')).toEqual({ entrypoint: ['node', '--inspect', 'server.js'] });
  });

  describe('is the script of a package manager', () => {
    const manifest = (scripts: object): Readonly<Record<string, MemoryEntry>> => ({
      '/app/package.json': JSON.stringify({ name: 'app', scripts }),
      '/app/server.js': 'console.log(1)',
      '/app/node_modules/.bin/serve': program,
    });

    it('that is plain, also through others', async () => {
      const scripts = manifest({ start: 'npm run serve', serve: 'node server.js', web: 'serve -p 80' });
      expect(await start({ cmd: ['npm', 'start'] }, scripts)).toEqual({ cmd: ['node', 'server.js'] });
      expect(await start({ entrypoint: ['yarn', 'start'] }, scripts)).toEqual({ entrypoint: ['node', 'server.js'] });
      expect(await start({ cmd: ['pnpm', 'run', 'web'] }, scripts)).toEqual({
        cmd: ['/app/node_modules/.bin/serve', '-p', '80'],
      });
      expect(await start({ cmd: ['/bin/sh', '-c', 'npm start --silent'] }, scripts)).toEqual({
        cmd: ['node', 'server.js'],
      });
    });

    it('and not one that others run around, that the shell must read, or whose variables are read', async () => {
      const npm = { cmd: ['npm', 'start'] };
      expect(await start(npm, manifest({ prestart: 'node build.js', start: 'node server.js' }))).toBeUndefined();
      expect(await start(npm, manifest({ start: 'NODE_ENV=production node server.js' }))).toBeUndefined();
      expect(await start(npm, manifest({}))).toBeUndefined();
      const reads = { '/app/version.js': 'exports.version = process.env.npm_package_version' };
      expect(await start(npm, { ...manifest({ start: 'node server.js' }), ...reads })).toBeUndefined();
      expect(await start({ cmd: ['npm', 'test'] }, manifest({ test: 'node server.js' }))).toBeUndefined();
    });

    it('and ends when scripts call each other, or the manifest is none', async () => {
      const circle = manifest({ start: 'npm run other', other: 'npm start' });
      await expect(start({ cmd: ['npm', 'start'] }, circle)).resolves.toBeDefined();
      expect(await start({ cmd: ['npm', 'start'] }, { '/app/package.json': '{' })).toBeUndefined();
    });
  });

  it('is what it is when it is plain', async () => {
    expect(await start({ entrypoint: ['node'], cmd: ['server.js'] })).toBeUndefined();
    expect(await start({})).toBeUndefined();
  });
});
