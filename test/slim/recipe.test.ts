import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { makeLayer, makeLayout, type TestEntry } from '../../src/image/testing/make-layout.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { cli, makeFolder } from '../cli/run.ts';
import { canMakeRoot, makeRoot } from '../inventory/made-root.ts';

const { path: folder, remove } = makeFolder();
afterAll(remove);

function cinzel(...args: readonly string[]): string {
  const env = { ...process.env, CINZEL_CACHE_DIR: join(folder, 'cache'), CINZEL_DB_DIR: join(folder, 'db') };
  return execFileSync(process.execPath, [cli, ...args], { cwd: folder, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

/** What an author adds: an application of its own user, and a configuration that is not the package's. */
const application: readonly TestEntry[] = [
  { name: 'srv/app/', mode: 0o2750, uid: 1000, gid: 1001 },
  { name: 'srv/app/start', content: '#!/usr/bin/python3\nimport ssl, sqlite3\n', mode: 0o775, uid: 1000, gid: 1001 },
  { name: 'srv/app/[id].html', content: 'x', mode: 0o664, uid: 1000, gid: 1001 },
  { name: 'srv/app/note.txt', content: 'note', mode: 0o664, uid: 1000, gid: 1001 },
  { name: 'srv/app/secret', content: 'y', mode: 0o640, uid: 0, gid: 1001 },
  { name: 'srv/app/helper', content: 'z', mode: 0o4755 },
  { name: 'srv/app/latest', link: '[id].html', uid: 1000, gid: 1001 },
  { name: 'srv/app/empty/', mode: 0o700, uid: 1000, gid: 1000 },
  { name: 'etc/nsswitch.conf', content: 'hosts: files\n' },
];

const images = [
  ['bookworm', 'debian12', ['python3', 'libpython3-stdlib', 'ca-certificates', 'media-types']],
  ['trixie', 'debian13', ['python3', 'ca-certificates', 'tzdata']],
] as const;

describe.skipIf(!canMakeRoot('umoci')).each(images)(
  'the recipe of a slimmed image of %s',
  (suite, release, packages) => {
    const source = `${suite}-fat`;

    beforeAll(async () => {
      mkdirSync(join(folder, suite));
      const options = ['--variant=minbase', `--include=${packages.join(',')}`];
      const root = readFileSync(await makeRoot(join(folder, suite), suite, options));
      makeLayout(join(folder, source), {
        layers: [root, makeLayer(application)],
        config: {
          Entrypoint: ['/srv/app/start'],
          Env: ['PATH=/usr/bin', 'MODE=a=b'],
          WorkingDir: '/srv/app',
          User: 'www-data',
          ExposedPorts: { '8000-8001/tcp': {} },
          Labels: { a: 'b' },
          Healthcheck: { Test: ['CMD', '/srv/app/start'], Interval: 5_000_000_000, Retries: 2 },
        },
      });
      cinzel('slim', `oci:${source}`, '-o', `oci:${suite}-slim`, '-t', 'slim', '--recipe', `${suite}.yaml`);
      cinzel('build', `${suite}.yaml`, '-o', `oci:${suite}-built`, '-t', 'built');
      for (const name of ['slim', 'built']) {
        const image = `${suite}-${name}:${name}`;
        execFileSync('umoci', ['unpack', '--image', image, `${suite}-${name}-root`], { cwd: folder, stdio: 'pipe' });
      }
    }, 600_000);

    it('makes the same files from packages', () => {
      const [slim, built] = ['slim', 'built'].map((name) => filesOf(join(folder, `${suite}-${name}-root/rootfs`)));
      // The cache of the loader is made for what is there, and Python's caches are left to Python.
      const isMade = (path: string): boolean => path === '/etc/ld.so.cache' || path.includes('/__pycache__');
      const wanted = [...(slim ?? [])].filter(([path]) => !isMade(path));
      expect(wanted.length).toBeGreaterThan(1000);
      expect(wanted.filter(([path, file]) => !isDeepStrictEqual(built?.get(path), file))).toEqual([]);
      // The licences of what is there in part come with it, and folders of packages that are whole.
      const more = [...(built?.keys() ?? [])].filter((path) => slim?.has(path) !== true);
      expect(more.filter((path) => built?.get(path)?.type === 'file' && !path.endsWith('/copyright'))).toEqual([]);
    });

    it('makes the same configuration, with users by their numbers', () => {
      const [slim, built] = ['slim', 'built'].map((name) => {
        const inspected = execFileSync('skopeo', ['inspect', '--config', `oci:${suite}-${name}:${name}`], {
          cwd: folder,
        });
        return JSON.parse(inspected.toString()) as { config: Record<string, unknown> };
      });
      const { 'dev.cinzel.lock': _, ...labels } = (built?.config['Labels'] ?? {}) as Record<string, string>;
      expect({ ...built?.config, Labels: labels }).toMatchObject({
        ...slim?.config,
        User: '33',
        ExposedPorts: { '8000/tcp': {}, '8001/tcp': {} },
        Labels: { a: 'b' },
      });
    });

    it('lists the same packages, takes most files from them, and copies what no package has', () => {
      const inventory = (name: string): readonly string[] => {
        cinzel('sbom', `oci:${suite}-${name}:${name}`, '-o', `json=${suite}-${name}.json`);
        const { packages } = JSON.parse(readFileSync(join(folder, `${suite}-${name}.json`), 'utf8')) as ScanResult;
        return packages.filter(({ type }) => type === 'deb').map(({ purl }) => purl);
      };
      expect(inventory('built')).toEqual(inventory('slim'));
      const copied = [...filesOf(join(folder, `${suite}.files`))].filter(([, { type }]) => type === 'file');
      const names = copied.map(([path]) => path);
      expect(names).toEqual(expect.arrayContaining(['/etc/nsswitch.conf', '/srv/app/[id].html', '/srv/app/start']));
      expect(names.filter((path) => /^\/usr\/(?:bin|lib)\//.test(path))).toEqual([]);
    });

    it('leaves a newer version to whoever takes its pins away', () => {
      const recipe = parse(readFileSync(join(folder, `${suite}.yaml`), 'utf8')) as Record<string, unknown>;
      expect(recipe).toMatchObject({ distribution: release, dependencies: 'listed', user: '33' });
      const { pins: _, ...free } = recipe;
      writeFileSync(join(folder, `${suite}.yaml`), stringify(free));
      expect(cinzel('lock', `${suite}.yaml`, '--update')).toBeDefined();
      expect(cinzel('build', `${suite}.yaml`, '-o', `oci:${suite}-updated`)).toMatch(/^sha256:/);
    }, 120_000);
  },
);

interface Found {
  readonly type: 'file' | 'folder' | 'link';
  readonly owner: string;
  readonly mode?: string;
  readonly content?: string;
}

/** Of a root filesystem on disk, by path; package managers' own records are left out. */
function filesOf(root: string): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const read = (path: string): void => {
    const stats = lstatSync(root + path);
    const common = { owner: `${stats.uid}:${stats.gid}` };
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) found.set(path, { type: 'link', ...common, content: readlinkSync(root + path) });
    else if (stats.isDirectory()) {
      if (path === '/var/lib/dpkg') return;
      if (path !== '') found.set(path, { type: 'folder', ...common, mode });
      for (const name of readdirSync(root + path)) read(`${path}/${name}`);
    } else if (stats.isFile()) {
      const content = createHash('sha256')
        .update(readFileSync(root + path))
        .digest('hex');
      found.set(path, { type: 'file', ...common, mode, content });
    }
  };
  read('');
  return found;
}
