import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeElf } from '../formats/elf/testing/make-elf.ts';
import { makeLayer, makeLayout, type TestEntry } from '../image/testing/make-layout.ts';
import { slim } from './slim.ts';
import type { SlimReport } from './slim-report.ts';
import { type ReadImage, readImage } from './testing/read-image.ts';
import { testToolbox } from './testing/test-toolbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-slim-layers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toolbox = () => testToolbox({ offline: true, 'cache.dir': join(folder, 'cache') });
const machine = 'usr/lib/x86_64-linux-gnu';
const elf = (needed: readonly string[] = []) => ({ content: makeElf({ needed }), mode: 0o755 });

/** A package as dpkg has it: its files, and what its records say. */
interface TestPackage {
  readonly name: string;
  readonly source?: string;
  readonly files: readonly TestEntry[];
}

const libc: TestPackage = {
  name: 'libc6',
  source: 'glibc',
  files: [
    { name: `${machine}/ld-linux-x86-64.so.2`, ...elf() },
    { name: `${machine}/libc.so.6`, ...elf(['ld-linux-x86-64.so.2']) },
    { name: `${machine}/libm.so.6`, ...elf(['libc.so.6']) },
    { name: `${machine}/libnss_files.so.2`, ...elf() },
    { name: `${machine}/libnss_compat.so.2`, ...elf() },
    { name: `${machine}/gconv/UTF-16.so`, ...elf() },
  ],
};
const locales: TestPackage = {
  name: 'locales-all',
  source: 'glibc',
  files: [{ name: 'usr/lib/locale/pt_BR.utf8/LC_TIME', content: 'x' }],
};
const zones: TestPackage = {
  name: 'tzdata',
  files: [
    { name: 'usr/share/zoneinfo/Etc/UTC', content: 'UTC' },
    { name: 'usr/share/zoneinfo/UTC', link: 'Etc/UTC' },
    { name: 'usr/share/zoneinfo/America/Belem', content: 'Belem' },
  ],
};

function records(packages: readonly TestPackage[]): readonly TestEntry[] {
  const stanzas = packages.map(
    ({ name, source = name }) =>
      `Package: ${name}\nStatus: install ok installed\nSource: ${source}\nVersion: 1\nArchitecture: amd64\nDescription: x\n`,
  );
  return [
    { name: 'var/lib/dpkg/status', content: stanzas.join('\n') },
    ...packages.map(({ name, files }) => ({
      name: `var/lib/dpkg/info/${name}.list`,
      content: ['', 'lib', 'usr', 'usr/lib', ...files.map((file) => file.name)].map((path) => `/${path}\n`).join(''),
    })),
  ];
}

interface Given {
  readonly packages?: readonly TestPackage[];
  readonly needed?: readonly string[];
  readonly env?: readonly string[];
  /** Files of no package, in the layer of the packages, above it, and with the application. */
  readonly beside?: readonly TestEntry[];
  readonly runtime?: readonly TestEntry[];
  readonly above?: readonly TestEntry[];
}

async function slimmed(
  name: string,
  { packages = [libc, zones], needed = ['libc.so.6'], env = [], beside = [], runtime = [], above = [] }: Given,
): Promise<{ readonly report: SlimReport; readonly image: ReadImage }> {
  const server: TestEntry = { name: 'app/server', ...elf(needed) };
  const below: readonly TestEntry[] = [
    { name: 'lib', link: 'usr/lib' },
    { name: 'usr/bin/sh', ...elf() },
    ...packages.flatMap(({ files }) => files),
    ...records(packages),
    ...beside,
  ];
  makeLayout(join(folder, name), {
    layers: [below, runtime, [server, ...above]].map(makeLayer),
    config: { Entrypoint: ['/app/server'], WorkingDir: '/app', Env: env },
  });
  const destination = `oci:${join(folder, `${name}-slim`)}`;
  const options = { compression: 'gzip', application: [], strict: false, destination } as const;
  const report = await slim(`oci:${join(folder, name)}`, options, toolbox());
  return { report, image: await readImage(destination, toolbox()) };
}

const names = (layer: ReadImage['layers'][number] | undefined) =>
  [...(layer ?? [])].flatMap(([path, { type }]) => (type === 'directory' ? [] : [path])).sort();

describe('layers that slimmed images share', () => {
  it('are equal whatever else the images have, need and set', async () => {
    const one = await slimmed('one', {});
    const two = await slimmed('two', {
      packages: [{ name: 'apt', files: [{ name: 'usr/bin/apt', ...elf() }] }, libc, locales, zones],
      needed: ['libm.so.6', 'libc.so.6'],
      env: ['LANG=pt_BR.UTF-8', `LD_LIBRARY_PATH=/app/lib`],
      above: [
        { name: 'lib', link: 'usr/lib', mtime: 1_800_000_000 },
        { name: 'etc/nsswitch.conf', content: 'passwd: compat\n' },
        { name: `${machine}/`, mode: 0o711, mtime: 1_800_000_000 },
        { name: `${machine}/gconv/mine.so`, ...elf() },
        { name: 'usr/share/zoneinfo/mine', content: 'x' },
      ],
    });
    expect(two.image.diffIds.slice(0, 2)).toEqual(one.image.diffIds.slice(0, 2));
    expect(names(one.image.layers[0])).toEqual(
      ['gconv/UTF-16.so', 'ld-linux-x86-64.so.2', 'libc.so.6'].map((name) => `${machine}/${name}`),
    );
    expect(names(one.image.layers[1])).toEqual(zones.files.map(({ name }) => name).sort());
    const own = names(two.image.layers[2]);
    for (const name of ['libm.so.6', 'libnss_compat.so.2']) expect(own).toContain(`${machine}/${name}`);
    expect(own).toContain('usr/lib/locale/pt_BR.utf8/LC_TIME');
    expect(two.report.written).toMatchObject({
      layers: 4,
      shared: [
        { foundation: 'c', layer: 0, diffId: one.image.diffIds[0], files: 3 },
        { foundation: 'time-zones', layer: 1, diffId: one.image.diffIds[1], files: 2, bytes: 8 },
      ],
    });
  });

  it('hide nothing of the source: a later layer has the folders as they were', async () => {
    const { image, report } = await slimmed('folders', {
      above: [{ name: `${machine}/`, mode: 0o711, uid: 7, mtime: 1_800_000_000 }],
    });
    expect(image.layers[0]?.get(`${machine}/`)).toMatchObject({ mode: 0o755, uid: 0, mtime: 0 });
    expect(image.entries.get(`${machine}/`)).toMatchObject({ mode: 0o711, uid: 7, mtime: 1_800_000_000 });
    const kept = report.entries.filter(({ fate }) => fate === 'kept').map(({ path }) => path);
    expect([...image.entries.keys()].map((name) => `/${name.replace(/^\.?\/|\/$/g, '')}`).sort()).toEqual(kept.sort());
  });

  it('are not made of what no package owns', async () => {
    const { report } = await slimmed('unowned', { packages: [zones], above: libc.files });
    expect(report.written?.shared.map(({ foundation }) => foundation)).toEqual(['time-zones']);
  });

  it('are made of packages of Alpine too', async () => {
    const stanza = ['P:musl', 'V:1.2.5-r0', 'A:x86_64', 'o:musl', 'F:lib', 'R:ld-musl-x86_64.so.1', ''];
    const musl: readonly TestEntry[] = [
      { name: 'bin/idle', ...elf() },
      { name: 'lib/ld-musl-x86_64.so.1', ...elf() },
      { name: 'lib/apk/db/installed', content: `${stanza.join('\n')}\n` },
      { name: 'etc/alpine-release', content: '3.22.0\n' },
    ];
    makeLayout(join(folder, 'alpine'), {
      layers: [musl, [{ name: 'app/server', ...elf(['libc.musl-x86_64.so.1']) }]].map(makeLayer),
      config: { Entrypoint: ['/lib/ld-musl-x86_64.so.1', '/app/server'], WorkingDir: '/app' },
    });
    const options = { compression: 'none', application: [], strict: false } as const;
    const destination = `oci:${join(folder, 'alpine-slim')}`;
    const { written } = await slim(`oci:${join(folder, 'alpine')}`, { ...options, destination }, toolbox());
    expect(written?.shared).toMatchObject([{ foundation: 'c', layer: 0, files: 1 }]);
  });

  it('hold a runtime that no package owns, by the layer that brought it', async () => {
    const runtime: readonly TestEntry[] = [
      { name: 'usr/local/bin/python3.12', ...elf(['libc.so.6']) },
      { name: 'usr/local/lib/python3.12/os.py', content: '' },
      { name: 'usr/local/share/notes', content: 'x' },
    ];
    const packages = { name: 'usr/local/lib/python3.12/site-packages/thing/__init__.py', content: '' };
    const [one, two] = [
      await slimmed('runtime', { runtime }),
      await slimmed('runtime-too', { runtime, above: [packages] }),
    ];
    const [, , python] = one.report.written?.shared ?? [];
    expect(python).toMatchObject({ foundation: 'python3', layer: 2, files: 2 });
    expect(two.report.written?.shared[2]).toEqual(python);
    expect(names(two.image.layers[2])).toEqual(['usr/local/bin/python3.12', 'usr/local/lib/python3.12/os.py']);
    expect(names(two.image.layers[4])).toEqual(['app/server', packages.name, 'usr/local/share/notes']);
  });

  it('are not made of files that have another name besides', async () => {
    const link = { name: 'app/libc.so', type: 'hardlink', link: `${machine}/libc.so.6`, mode: 0o755 } as const;
    const { report, image } = await slimmed('linked', { beside: [link] });
    expect(report.written?.shared.map(({ foundation }) => foundation)).toEqual(['time-zones']);
    expect(names(image.entries)).toContain('app/libc.so');
  });
});
