import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { computeReach } from '../reach.ts';
import { liveFilesystem } from '../testing/live-filesystem.ts';
import { openedFiles } from '../testing/opened-files.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { scanModule } from './scan-module.ts';

const tools = { '/usr/bin/node': program, '/bin/sh': program, '/usr/bin/convert': program };

async function reached(
  files: Parameters<typeof reachOf>[0]['files'],
  argv: readonly string[] = ['node', 'main.js'],
): Promise<readonly string[]> {
  const graph = await reachOf({ config: { cmd: argv, workingDir: '/app' }, files: { ...tools, ...files } });
  return reachedFiles(graph).filter((path) => path !== '/usr/bin/node');
}

describe('modules of Node', () => {
  it('are found by relative names, folders, extensions and mains', async () => {
    const files = {
      '/app/main.js': "require('./a'); require('./lib'); import('./c.mjs'); require('./data.json'); require('fs')",
      '/app/a.js': '',
      '/app/lib/package.json': '{"main": "src/start"}',
      '/app/lib/src/start.js': "export * from '../other.js'",
      '/app/lib/other.js': '',
      '/app/c.mjs': '',
      '/app/data.json': '{}',
      '/app/unused.js': '',
    };
    expect(await reached(files)).toEqual(
      Object.keys(files)
        .filter((path) => path !== '/app/unused.js')
        .sort(),
    );
  });

  it('are found in packages by exports, conditions, patterns, imports and their own names', async () => {
    const manifest = {
      name: 'p',
      exports: {
        '.': { import: './esm.mjs', require: './cjs.cjs' },
        './sub/*': { node: './src/*.js' },
        './hidden': null,
      },
    };
    const files = {
      '/app/package.json': '{"name": "app", "imports": {"#x": "./inner.js"}, "exports": "./self.js"}',
      '/app/main.js': "import 'p'; import 'p/sub/deep/one'; import '#x'; import 'app';",
      '/app/inner.js': '',
      '/app/self.js': "require('p')",
      '/app/node_modules/p/package.json': JSON.stringify(manifest),
      '/app/node_modules/p/esm.mjs': '',
      '/app/node_modules/p/cjs.cjs': '',
      '/app/node_modules/p/src/deep/one.js': '',
    };
    expect(await reached(files)).toEqual(Object.keys(files).sort());
  });

  it('are found through the links of a store, from where they really are', async () => {
    const files = {
      '/app/main.js': "require('a')",
      '/app/node_modules/a': { link: '.pnpm/a@1/node_modules/a' },
      '/app/node_modules/.pnpm/a@1/node_modules/a/index.js': "require('b')",
      '/app/node_modules/.pnpm/a@1/node_modules/b': { link: '../../b@2/node_modules/b' },
      '/app/node_modules/.pnpm/b@2/node_modules/b/index.js': '',
      '/app/node_modules/b/index.js': '',
    };
    expect(await reached(files)).toEqual([
      '/app/main.js',
      '/app/node_modules/.pnpm/a@1/node_modules/a/index.js',
      '/app/node_modules/.pnpm/b@2/node_modules/b/index.js',
    ]);
  });

  it('are followed through constants, choices and paths made from their own place', async () => {
    const files = {
      '/app/main.js': `
        const path = require('node:path'), name = './x';
        require(name); require(process.env.A ? './y' : './z'); require(path.join(__dirname, 'lib', 'w'));
        require('./locale/' + language); new Worker(new URL('./worker.js', import.meta.url));
        readFile(path.join(__dirname, 'views', 'index.html')); express.static(path.resolve(__dirname, 'public'));`,
      '/app/x.js': '',
      '/app/y.js': '',
      '/app/z.js': '',
      '/app/lib/w.js': '',
      '/app/locale/pt.js': '',
      '/app/worker.js': "require('./in-worker')",
      '/app/in-worker.js': '',
      '/app/views/index.html': '',
      '/app/public/deep/a.css': '',
    };
    expect(await reached(files)).toEqual(Object.keys(files).sort());
  });

  it('keep their whole package where a name is computed, and say so', async () => {
    const files = {
      '/app/main.js': "require('p')",
      '/app/node_modules/p/package.json': '{"name":"p"}',
      '/app/node_modules/p/index.js': 'module.exports = (name) => require(name)',
      '/app/node_modules/p/plugin.js': "require('q')",
      '/app/node_modules/p/test/a.js': '',
      '/app/node_modules/q/index.js': '',
      '/app/node_modules/r/index.js': '',
    };
    const graph = await reachOf({
      config: { cmd: ['node', '/app/main.js'], workingDir: '/app' },
      files: { ...tools, ...files },
    });
    expect(graph.undecided).toEqual([
      { path: '/app/node_modules/p/index.js', problem: 'module', detail: 'require(name)', language: 'node' },
    ]);
    expect(reachedFiles(graph)).toContain('/app/node_modules/p/plugin.js');
    expect(reachedFiles(graph)).toContain('/app/node_modules/q/index.js');
    expect(reachedFiles(graph)).not.toContain('/app/node_modules/r/index.js');
    expect(reachedFiles(graph)).not.toContain('/app/node_modules/p/test/a.js');
  });

  it('run programs when they are the application, not when it only uses them', async () => {
    const start = "const { execFile } = require('child_process'); execFile('convert', ['a'])";
    expect(await reached({ '/app/main.js': start })).toContain('/usr/bin/convert');
    const used = { '/app/main.js': "require('p')", '/app/node_modules/p/index.js': start };
    expect(await reached(used)).not.toContain('/usr/bin/convert');
    expect(await reached({ '/app/main.js': "require('child_process').exec('convert a')" })).toContain('/bin/sh');
  });

  it('start as npm scripts say', async () => {
    const files = {
      '/usr/bin/npm': program,
      '/bin/sh': program,
      '/app/package.json': '{"scripts": {"start": "NODE_ENV=production tool serve", "prestart": "node pre.js"}}',
      '/app/node_modules/.bin/tool': { link: '../tool/cli.js' },
      '/app/node_modules/tool/cli.js': { mode: 0o755, content: "#!/usr/bin/env node\nrequire('./inner')" },
      '/app/node_modules/tool/inner.js': '',
      '/app/pre.js': '',
      '/usr/bin/env': program,
    };
    const found = await reached(files, ['npm', 'start']);
    expect(found).toContain('/app/node_modules/tool/inner.js');
    expect(found).toContain('/app/pre.js');
  });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cinzel-node-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(isMissing('strace', '-V'))(
    'include every file that a real application opens',
    { timeout: 120_000 },
    async () => {
      symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
      writeFileSync(
        join(folder, 'main.mjs'),
        `import { createRequire } from 'node:module';
       import { z } from 'zod';
       import { parse } from 'yaml';
       import { Command } from 'commander';
       import { open } from 'lmdb';
       const require = createRequire(import.meta.url);
       require('semver').valid('1.2.3');
       require('picomatch')('*.js');
       await import('openpgp');
       z.object({}).parse(parse('{}'));
       new Command();`,
      );
      const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
      const argv = [process.execPath, 'main.mjs'];
      const { graph } = await computeReach({
        config: { entrypoint: argv, workingDir: folder, env: [`PATH=${env.PATH}`] },
        filesystem: liveFilesystem() as Filesystem,
        keep: [],
        isOwned: () => false,
        context: createContext(),
      });
      const opened = openedFiles(argv, folder, env);
      expect(opened.length).toBeGreaterThan(100);
      expect(opened.filter((path) => !graph.nodes.has(path))).toEqual([]);
    },
  );
});

describe('scanModule', () => {
  it('tells literal names where the syntax is unknown', () => {
    const scan = scanModule("import x from 'a'; const y: Type = <div/>; require('b')", '/x.js');
    expect(scan.understood).toBe(false);
    expect([...new Set(scan.specifiers.map(({ specifier }) => specifier))].sort()).toEqual(['a', 'b']);
  });

  it('ends on anything', () => {
    const pieces = fc.constantFrom(
      'require(',
      "'a'",
      ')',
      '`',
      '${',
      '}',
      'import ',
      '+',
      '__dirname',
      '(',
      '{',
      '/',
      '\n',
      'x',
      ',',
      '=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 40 }), (parts) => {
        scanModule(parts.join(''), '/x.js');
      }),
      { numRuns: 500 },
    );
  });
});
