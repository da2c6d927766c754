import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Package } from '../../src/inventory/model.ts';
import type { ScanResult } from '../../src/report/model.ts';
import {
  dpkg,
  makeDeb,
  makeEnvironment,
  makeNpmArchive,
  makeWheel,
  npmInstall,
  pip,
  python3,
  runIn,
} from './installers.ts';
import { sbomOf } from './sbom-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-layers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tools = ['umoci', 'skopeo', 'dpkg', 'npm'];
const isRoot = process.getuid?.() === 0;
const isMissing = !isRoot || python3 === undefined || tools.some((tool) => spawnSync(tool, ['--version']).status !== 0);

const layout = join(folder, 'layout');
let changes = 0;

/** What a build step does: unpacks the image, changes its files, and packs the difference as a layer. */
function layer(line: string, change: (root: string) => void): void {
  const bundle = join(folder, `bundle-${changes++}`);
  runIn(folder, 'umoci', 'unpack', '--image', `${layout}:app`, bundle);
  change(join(bundle, 'rootfs'));
  runIn(folder, 'umoci', 'repack', '--history.created_by', line, '--image', `${layout}:app`, bundle);
}

/** A build step that changes no file. */
function emptyStep(line: string, ...args: readonly string[]): void {
  runIn(folder, 'umoci', 'config', '--history.created_by', line, '--image', `${layout}:app`, ...args);
}

function build(): void {
  const npmArchive = (name: string, version: string): string => makeNpmArchive(folder, { name, version });
  runIn(folder, 'umoci', 'init', '--layout', layout);
  runIn(folder, 'umoci', 'new', '--image', `${layout}:app`);
  layer('ADD debian /', (root) => {
    mkdirSync(join(root, 'etc'), { recursive: true });
    writeFileSync(join(root, 'etc/os-release'), 'ID=debian\nVERSION_ID="12"\n');
  });
  emptyStep('ENV A=b', '--config.env', 'A=b');
  layer('RUN install', (root) => {
    dpkg(
      root,
      '-i',
      makeDeb(folder, 'kept', '1.0'),
      makeDeb(folder, 'upgraded', '1.0-1'),
      makeDeb(folder, 'gone', '1.0'),
    );
    mkdirSync(join(root, 'app'));
    npmInstall(join(root, 'app'), ...['kept', 'upgraded', 'gone'].map((name) => npmArchive(name, '1.0.0')));
    makeEnvironment(join(root, 'venv'));
    const wheels = ['kept', 'upgraded', 'gone'].map((name) => makeWheel(folder, name, '1.0'));
    pip(join(root, 'venv'), 'install', '--no-index', ...wheels);
  });
  emptyStep('WORKDIR /app', '--config.workingdir', '/app');
  emptyStep('USER 1', '--config.user', '1');
  layer('RUN upgrade', (root) => {
    dpkg(root, '-i', makeDeb(folder, 'upgraded', '2:0.9-1'));
    npmInstall(join(root, 'app'), npmArchive('upgraded', '2.0.0'));
    pip(join(root, 'venv'), 'install', '--no-index', makeWheel(folder, 'upgraded', '2.0'));
  });
  layer('RUN remove', (root) => {
    dpkg(root, '-P', 'gone');
    runIn(join(root, 'app'), 'npm', 'uninstall', '--offline', '--no-audit', 'gone');
    pip(join(root, 'venv'), 'uninstall', '--yes', 'gone');
  });
  emptyStep('CMD node', '--config.cmd', 'node');
  runIn(folder, 'skopeo', 'copy', `oci:${layout}:app`, `docker-archive:${join(folder, 'app.tar')}:app:v1`);
}

describe.skipIf(isMissing && !process.env['CI'])('an image whose layers install, upgrade and remove', () => {
  let sbom: ScanResult;
  beforeAll(async () => {
    build();
    sbom = await sbomOf(`docker-archive:${join(folder, 'app.tar')}`);
  });

  const known = (list: readonly Package[], type: string): readonly object[] =>
    list
      .filter((item) => item.type === type)
      .map(({ name, version, layer: brought, fate }) => ({ name, version, brought, fate }));

  it.each([
    ['deb', '1.0', '1.0-1', '2:0.9-1', '1.0'],
    ['npm', '1.0.0', '1.0.0', '2.0.0', '1.0.0'],
    ['pypi', '1.0', '1.0', '2.0', '1.0'],
  ])('has the %s packages that are left, each by the layer that brought it', (type, kept, before, after, gone) => {
    const present = { kind: 'present' };
    expect(known(sbom.packages, type)).toEqual([
      { name: 'kept', version: kept, brought: 1, fate: present },
      { name: 'upgraded', version: after, brought: 2, fate: present },
    ]);
    expect(known(sbom.history, type)).toEqual([
      { name: 'gone', version: gone, brought: 1, fate: { kind: 'removed', layer: 3 } },
      { name: 'upgraded', version: before, brought: 1, fate: { kind: 'upgraded', layer: 2 } },
    ]);
  });

  it('does not count what is gone', () => {
    expect(sbom.summary.packages).toEqual({ deb: 2, npm: 2, pypi: 2 });
  });

  it('gives each layer its own line of the history, past steps that made none', () => {
    const lines = sbom.image.layers.map(({ createdBy }) => createdBy);
    expect(lines).toEqual(['ADD debian /', 'RUN install', 'RUN upgrade', 'RUN remove']);
    expect(sbom.image.config).toMatchObject({ user: '1', workingDir: '/app', cmd: ['node'], env: ['A=b'] });
  });

  it('names the file of the layer that proves a package', () => {
    const evidence = sbom.packages.map(({ evidence: [first] }) => first);
    // dpkg and npm keep lists of all that they installed: the last to write them proves what they hold.
    expect(evidence.filter(({ cataloger }) => cataloger === 'dpkg')).toEqual([
      { path: '/var/lib/dpkg/status', layer: 3, cataloger: 'dpkg' },
      { path: '/var/lib/dpkg/status', layer: 3, cataloger: 'dpkg' },
    ]);
    expect(evidence.filter(({ cataloger }) => cataloger === 'npm')).toEqual([
      { path: '/app/node_modules/kept/package.json', layer: 1, cataloger: 'npm' },
      { path: '/app/node_modules/upgraded/package.json', layer: 2, cataloger: 'npm' },
    ]);
  });
});
