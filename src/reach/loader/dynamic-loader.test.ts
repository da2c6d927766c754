import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeElf, type TestElf } from '../../formats/elf/testing/make-elf.ts';
import { memoryFilesystem } from '../../inventory/testing/memory-filesystem.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { ElfLibrary } from '../elf-library.ts';
import { ImageTree } from '../image-tree.ts';
import { liveFilesystem } from '../testing/live-filesystem.ts';
import { DynamicLoader, type LoadedLibrary } from './dynamic-loader.ts';

/** Real paths that the loader itself maps for a program, or undefined when it is static or cannot be traced. */
function ldd(path: string): readonly string[] | undefined {
  const { status, stdout } = spawnSync('ldd', [path], {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  if (status !== 0 || /not found|statically linked/.test(stdout)) return undefined;
  const paths = [...stdout.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map((match) => realpathSync(match[1] ?? ''));
  return [...new Set(paths)].sort();
}

const loaderName = /\/ld-[^/]+$/;

describe('DynamicLoader', () => {
  it.skipIf(isMissing('ldd', '--version'))(
    'finds what ldd finds, for real programs and libraries',
    { timeout: 60_000 },
    async () => {
      const tree = new ImageTree(liveFilesystem(), 40);
      const library = new ElfLibrary(tree);
      const loader = new DynamicLoader(tree, library, new Map());
      let compared = 0;
      for (const path of sampleOfPrograms(60)) {
        const elf = await library.read(realpathSync(path));
        const expected = elf === undefined ? undefined : ldd(path);
        if (elf === undefined || expected === undefined) continue;
        const loaded = await loader.load(realpathSync(path), elf);
        const found = new Set(loaded.flatMap(({ paths }) => paths.map((one) => realpathSync(one))));
        expect([path, [...found].filter((one) => !loaderName.test(one)).sort()]).toEqual([
          path,
          expected.filter((one) => !loaderName.test(one)),
        ]);
        compared++;
      }
      expect(compared).toBeGreaterThan(20);
    },
  );

  it('prefers RPATH of the object and its loaders, LD_LIBRARY_PATH, RUNPATH, then the default folders', async () => {
    const folders = { rpath: '/r', given: '/g', runpath: '/u', standard: '/usr/lib' };
    const places = (names: readonly (keyof typeof folders)[]) =>
      Object.fromEntries(names.map((name) => [`${folders[name]}/libx.so`, elf({})]));
    const find = async (program: TestElf, names: readonly (keyof typeof folders)[]): Promise<string | undefined> => {
      const loaded = await load(program, places(names), { LD_LIBRARY_PATH: folders.given });
      return loaded[0]?.paths[0];
    };
    const needs = { needed: ['libx.so'] };
    expect(await find({ ...needs, rpath: '/r' }, ['rpath', 'given', 'standard'])).toBe('/r/libx.so');
    expect(await find({ ...needs, rpath: '/r', runpath: '/u' }, ['rpath', 'runpath', 'standard'])).toBe('/u/libx.so');
    expect(await find({ ...needs, runpath: '/u' }, ['given', 'runpath'])).toBe('/g/libx.so');
    expect(await find(needs, ['standard'])).toBe('/usr/lib/libx.so');
    expect(await find(needs, ['rpath', 'runpath'])).toBeUndefined();
  });

  it('hands RPATH on to what is loaded, and RUNPATH not', async () => {
    const files = { '/r/liba.so': elf({ needed: ['libb.so'] }), '/r/libb.so': elf({}) };
    const paths = async (program: TestElf) => (await load(program, files)).map(({ paths: [path] }) => path);
    expect(await paths({ needed: ['liba.so'], rpath: '/r' })).toEqual(['/r/liba.so', '/r/libb.so']);
    expect(await paths({ needed: ['liba.so'], runpath: '/r' })).toEqual(['/r/liba.so', undefined]);
  });

  it('expands $ORIGIN, through links to the real place', async () => {
    const files = { '/opt/app/lib/libx.so': elf({}) };
    const loaded = await load({ needed: ['libx.so'], runpath: '$ORIGIN/lib' }, files, {}, '/opt/app/program');
    expect(loaded[0]?.paths).toEqual(['/opt/app/lib/libx.so']);
  });

  it('passes over libraries of other machines', async () => {
    const files = { '/a/libx.so': elf({ machine: 183 }), '/b/libx.so': elf({}) };
    expect((await load({ needed: ['libx.so'], runpath: '/a:/b' }, files))[0]?.paths).toEqual(['/b/libx.so']);
  });

  it('keeps the variants for better processors too', async () => {
    const files = {
      '/usr/lib/libx.so': elf({}),
      '/usr/lib/glibc-hwcaps/x86-64-v3/libx.so': elf({}),
    };
    expect((await load({ needed: ['libx.so'] }, files))[0]?.paths).toEqual([
      '/usr/lib/libx.so',
      '/usr/lib/glibc-hwcaps/x86-64-v3/libx.so',
    ]);
  });

  it('takes the folders of ld.so.conf where the image has no cache', async () => {
    const files = {
      '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
      '/etc/ld.so.conf.d/a.conf': '# comment\n/opt/a/lib\n',
      '/opt/a/lib/libx.so': elf({}),
    };
    expect((await load({ needed: ['libx.so'] }, files))[0]?.paths).toEqual(['/opt/a/lib/libx.so']);
  });

  it('searches as musl does', async () => {
    const program = {
      needed: ['libc.musl-x86_64.so.1', 'liba.so'],
      interpreter: '/lib/ld-musl-x86_64.so.1',
      runpath: '/r',
    };
    // musl hands RUNPATH on, and answers for libc itself.
    const files = { '/r/liba.so': elf({ needed: ['libb.so', 'libc.so'] }), '/r/libb.so': elf({}) };
    expect((await load(program, files)).map(({ name, paths }) => [name, ...paths])).toEqual([
      ['liba.so', '/r/liba.so'],
      ['libb.so', '/r/libb.so'],
    ]);
  });

  it('ends when libraries need each other', async () => {
    const files = {
      '/usr/lib/liba.so': elf({ needed: ['libb.so'] }),
      '/usr/lib/libb.so': elf({ needed: ['liba.so'] }),
    };
    expect((await load({ needed: ['liba.so'] }, files)).map(({ name }) => name)).toEqual([
      'liba.so',
      'libb.so',
      'liba.so',
    ]);
  });
});

function elf(parts: TestElf): Uint8Array {
  return makeElf(parts);
}

async function load(
  program: TestElf,
  files: Readonly<Record<string, string | Uint8Array>>,
  environment: Readonly<Record<string, string>> = {},
  path = '/usr/bin/program',
): Promise<readonly LoadedLibrary[]> {
  const tree = new ImageTree(memoryFilesystem({ [path]: makeElf(program), ...files }), 40);
  const library = new ElfLibrary(tree);
  const read = await library.read(path);
  if (read === undefined) throw new Error('the made file is no ELF file');
  return new DynamicLoader(tree, library, new Map(Object.entries(environment))).load(path, read);
}

function sampleOfPrograms(most: number): readonly string[] {
  const all = ['/usr/bin', '/usr/sbin'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  const files = all.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  const step = Math.max(1, Math.floor(files.length / (most * 2)));
  return files.filter((_, index) => index % step === 0);
}
