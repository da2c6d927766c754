import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textFile } from '../../src/distroless/files.ts';
import { type LaidImage, layPackages } from '../../src/operations/lay-packages.ts';
import { takeSbom } from '../../src/operations/scan.ts';
import { slim } from '../../src/operations/slim.ts';
import type { SlimReport } from '../../src/operations/slim-report.ts';
import { type ReadEntry, type ReadImage, readImage } from '../../src/operations/testing/read-image.ts';
import { testToolbox } from '../../src/operations/testing/test-toolbox.ts';
import { archiveAnswers, mirrors } from '../debian-mirror.ts';
import { hasDocker, startDocker } from '../docker-engine.ts';
import { canMakeRoot, makeRootImage } from '../inventory/made-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-shared-layers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const possible = process.env['CI'] !== undefined || (await archiveAnswers('bookworm'));

const base = {
  createdBy: 'ADD debian:bookworm /',
  packages: ['base-files', 'bash', 'coreutils', 'dash', 'dpkg', 'apt', 'libc-bin', 'tzdata', 'ca-certificates', 'curl'],
};

const images: Readonly<Record<string, Pick<LaidImage, 'config' | 'layers'>>> = {
  redis: {
    config: { Entrypoint: ['/usr/bin/redis-server'], Env: ['LANG=pt_BR.UTF-8'] },
    layers: [
      base,
      { createdBy: 'RUN apt-get install -y redis-server locales', packages: ['redis-server', 'locales'] },
      { createdBy: 'COPY', files: [textFile('/etc/nsswitch.conf', 'passwd: files compat\nhosts: files\n')] },
    ],
  },
  python: {
    config: { Entrypoint: ['/usr/bin/python3'], Cmd: ['app.py'], WorkingDir: '/app' },
    layers: [
      base,
      { createdBy: 'RUN apt-get install -y python3', packages: ['python3'] },
      { createdBy: 'COPY', files: [textFile('/app/app.py', 'import http.server, ssl\nprint(ssl.OPENSSL_VERSION)\n')] },
    ],
  },
};

const toolbox = (cache = 'cache') => testToolbox({ mirror: mirrors.main, 'cache.dir': join(folder, cache) });

async function slimTo(source: string, layout: string, cache?: string): Promise<SlimReport> {
  const destination = `oci:${join(folder, layout)}`;
  const options = { compression: 'gzip', application: [], strict: false, destination } as const;
  return slim(source, options, toolbox(cache));
}

interface Slimmed {
  readonly report: SlimReport;
  readonly image: ReadImage;
}

/** Names in an archive as paths in the image. */
function pathOf(name: string): string {
  return `/${name.replace(/^\.?\/|\/$/g, '')}`;
}

/** A record is rewritten, and so of another size. */
function without({ content: _content, size: _size, ...entry }: ReadEntry): Omit<ReadEntry, 'content' | 'size'> {
  return entry;
}

describe.skipIf(!possible)('slimmed images of one distribution', () => {
  const slimmed = new Map<string, Slimmed>();
  const of = (name: string): Slimmed => {
    const found = slimmed.get(name);
    if (found === undefined) throw new Error(`No image ${name}`);
    return found;
  };

  beforeAll(async () => {
    for (const [name, { config, layers }] of Object.entries(images)) {
      const file = join(folder, `${name}.tar`);
      await layPackages({ suite: 'bookworm', architecture: 'amd64', config, layers, file, tag: name }, toolbox());
      const report = await slimTo(`oci-archive:${file}`, name);
      slimmed.set(name, { report, image: await readImage(`oci:${join(folder, name)}`, toolbox()) });
    }
  }, 600_000);

  it('have the C library, time zones and OpenSSL in common, and no more of them than they keep', () => {
    const [redis, python] = [of('redis'), of('python')];
    const foundations = ({ report }: Slimmed) => report.written?.shared.map(({ foundation }) => foundation);
    expect(foundations(redis)).toEqual(['c', 'time-zones', 'openssl', 'c++']);
    expect(foundations(python)).toEqual(['c', 'time-zones', 'openssl', 'python3']);
    expect(python.image.diffIds.slice(0, 3)).toEqual(redis.image.diffIds.slice(0, 3));
    const common = (python.report.written?.shared ?? []).slice(0, 3).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(common).toBeGreaterThan(9_000_000);
    expect(common).toBeGreaterThan(redis.report.after.bytes / 3);
  });

  it.each(Object.keys(images))('hold exactly what the plan of %s keeps, as the source has it', async (name) => {
    const { report, image } = of(name);
    const kept = report.entries.filter(({ fate }) => fate === 'kept').map(({ path }) => path);
    expect([...image.entries.keys()].map(pathOf).sort()).toEqual([...kept].sort());
    const files = image.layers.flatMap((layer) => [...layer.values()].filter(({ type }) => type !== 'directory'));
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    const source = await readImage(`oci-archive:${join(folder, `${name}.tar`)}`, toolbox());
    for (const [path, made] of image.entries) {
      const { content } = made;
      const entry = without(made);
      const original = source.entries.get(path);
      // The root itself is in no archive of packages.
      if (original === undefined) expect(path).toBe('./');
      else expect(entry, path).toEqual(without(original));
      const isRecord = path.startsWith('var/lib/dpkg/');
      if (original !== undefined && !isRecord) expect(content.equals(original.content), path).toBe(true);
    }
  });

  it.each(Object.keys(images))('tell a scanner which packages %s has', async (name) => {
    const { report, image } = of(name);
    const { packages } = await takeSbom(`oci:${join(folder, name)}`, toolbox());
    const listed = report.packages.filter(({ fate }) => fate !== 'dropped').map(({ id }) => id);
    expect(packages.filter(({ ownedBy }) => ownedBy === undefined).map(({ id }) => id)).toEqual(listed);
    const records = image.layers.findIndex((layer) => layer.has('var/lib/dpkg/status'));
    expect(records).toBe(report.written?.shared.length);
    expect(new Set(packages.map(({ layer }) => layer))).toEqual(new Set([records]));
  });

  it('are the same again', async () => {
    const again = await slimTo(`oci-archive:${join(folder, 'redis.tar')}`, 'again', 'other-cache');
    expect(again.written).toEqual(of('redis').report.written);
  });

  it.skipIf(!hasDocker())('run in an engine that lays layers over each other', { timeout: 600_000 }, async () => {
    const engine = await startDocker(mkdtempSync(join(folder, 'docker-')));
    try {
      const outputs: string[] = [];
      for (const [name, words] of [
        ['redis', ['--version']],
        ['python', []],
      ] as const) {
        const file = join(folder, `${name}-slim.tar`);
        const options = { compression: 'none', application: [], strict: false, tag: `${name}:slim` } as const;
        const source = `oci-archive:${join(folder, `${name}.tar`)}`;
        await slim(source, { ...options, destination: `docker-archive:${file}` }, toolbox());
        await engine.command('load', '-i', file);
        outputs.push(await engine.command('run', '--rm', '--network', 'none', `${name}:slim`, ...words));
      }
      expect(outputs).toEqual([expect.stringMatching(/^Redis server v=7/), expect.stringMatching(/^OpenSSL 3\./)]);
    } finally {
      await engine.stop();
    }
  });

  it.skipIf(!canMakeRoot())('share them with an image that apt and dpkg installed', { timeout: 600_000 }, async () => {
    const include = ['tzdata', 'ca-certificates', 'nginx-light'].join(',');
    const options = ['--variant=apt', '--architectures=amd64', '--dpkgopt=force-unsafe-io', `--include=${include}`];
    await makeRootImage(folder, 'bookworm', options, { Entrypoint: ['/usr/sbin/nginx'] });
    await slimTo(`docker-archive:${join(folder, 'image.tar')}`, 'installed');
    const { diffIds } = await readImage(`oci:${join(folder, 'installed')}`, toolbox());
    expect(diffIds.slice(0, 3)).toEqual(of('redis').image.diffIds.slice(0, 3));
  });
});
