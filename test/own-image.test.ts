import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../src/version.ts';
import { cli, root } from './cli/run.ts';
import { archiveAnswers } from './debian-mirror.ts';

/* Cinzel's own image: built by its own recipe, scanned by itself from outside and from within. */

const folder = mkdtempSync(join(tmpdir(), 'cinzel-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasTools =
  process.getuid?.() === 0 && ['bwrap', 'umoci'].every((one) => spawnSync(one, ['--version']).status === 0);
const possible = hasTools && (await archiveAnswers('trixie'));

it.runIf(process.env['CI'] === 'true')('has what it takes', () => {
  expect(possible).toBe(true);
});

interface Scan {
  readonly image: {
    readonly config?: object;
    readonly surface: {
      readonly shells: readonly string[];
      readonly packageManagers: readonly string[];
      readonly setuid?: readonly string[];
    };
  };
  readonly packages: readonly { readonly type: string; readonly name: string; readonly version: string }[];
}

describe.skipIf(!possible)('the image of Cinzel', () => {
  it('is built, scanned, and runs without a shell, as nobody special, with a read-only root', async () => {
    const env = {
      ...process.env,
      CINZEL_CACHE_DIR: join(folder, 'cache'),
      CINZEL_DB_DIR: join(folder, 'db'),
      CINZEL_LANG: 'en',
    };
    const run = (...words: readonly string[]) =>
      promisify(execFile)(process.execPath, [cli, ...words], { cwd: root, env, maxBuffer: 2 ** 26 });
    const layout = join(folder, 'layout');
    await run(
      'build',
      'cinzel.build.yaml',
      '-o',
      `oci:${layout}`,
      '--lock',
      join(folder, 'lock.json'),
      '--compression',
      'none',
    );
    const file = join(folder, 'scan.json');
    await run(
      'scan',
      `oci:${layout}`,
      '--feeds',
      'debian-archive',
      '-o',
      `json=${file}`,
      '--fail-on',
      'critical,fixable',
    );
    const { image, packages } = JSON.parse(readFileSync(file, 'utf8')) as Scan;
    expect([...image.surface.shells, ...image.surface.packageManagers]).toEqual([]);
    expect(packages.map(({ type, name }) => `${type} ${name}`)).toEqual(
      expect.arrayContaining(['deb nodejs', 'deb libc6', 'npm lmdb']),
    );
    expect(packages.some(({ name }) => ['vitest', 'typescript', 'npm'].includes(name))).toBe(false);

    execFileSync('umoci', ['unpack', '--image', `${layout}:latest`, join(folder, 'bundle')]);
    const inside = join(folder, 'bundle/rootfs');
    expect(execFileSync('find', [inside, '-type', 'f', '-perm', '/6000']).toString()).toBe('');
    // The layout is root's and the user within is not.
    cpSync(layout, join(folder, 'given'), { recursive: true });
    execFileSync('chmod', ['-R', 'a+rX', folder]);
    const sandbox =
      `--ro-bind ${inside} / --proc /proc --dev /dev --tmpfs /tmp --ro-bind ${folder}/given /tmp/image --unshare-all ` +
      '--uid 65532 --gid 65532 --die-with-parent --clearenv --setenv CINZEL_CACHE_DIR /tmp/c --setenv CINZEL_DB_DIR /tmp/d';
    const within = async (...words: readonly string[]) =>
      (
        await promisify(execFile)('bwrap', [...sandbox.split(' '), '/usr/bin/node', '/app/dist/cli.js', ...words], {
          maxBuffer: 2 ** 26,
        })
      ).stdout;
    expect(await within('--version')).toContain(version);
    const own = JSON.parse(await within('sbom', 'oci:/tmp/image', '-o', 'json', '--offline')) as Scan;
    expect(own.packages.map(({ name, version: one }) => `${name} ${one}`)).toEqual(
      packages.map(({ name, version: one }) => `${name} ${one}`),
    );
  }, 240_000);
});
