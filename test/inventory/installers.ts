import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeZip } from '../../src/advisories/testing/make-zip.ts';

/** Runs a tool that must succeed; gives what it prints. */
export function runIn(folder: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface NpmManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly bundledDependencies?: readonly string[];
}

export function writeManifest(folder: string, manifest: NpmManifest): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}

/** An archive as npm publishes it, with what it bundles; gives its path. */
export function makeNpmArchive(folder: string, manifest: NpmManifest, ...bundled: readonly NpmManifest[]): string {
  const place = mkdtempSync(join(folder, 'npm-'));
  writeManifest(place, manifest);
  for (const one of bundled) writeManifest(join(place, 'node_modules', one.name), one);
  const [packed] = JSON.parse(runIn(place, 'npm', 'pack', '--json')) as [{ readonly filename: string }];
  return join(place, packed.filename.replace('@', '').replace('/', '-'));
}

/** Installs npm archives into a project without any registry. */
export function npmInstall(project: string, ...archives: readonly string[]): void {
  runIn(project, 'npm', 'install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', ...archives);
}

/** A wheel (PEP 427) of one module with these further fields of metadata; gives its path. */
export function makeWheel(folder: string, name: string, version: string, ...fields: readonly string[]): string {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name}.py`]: `version = '${version}'\n`,
    [`${info}/METADATA`]: ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`, ...fields, ''].join('\n'),
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = [...Object.keys(files), `${info}/RECORD`].map((path) => `${path},,\n`).join('');
  const path = join(folder, `${name}-${version}-py3-none-any.whl`);
  writeFileSync(path, makeZip({ ...files, [`${info}/RECORD`]: record }));
  return path;
}

/** An interpreter that can build and install distributions; undefined where there is none. */
export const python3 = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import setuptools, wheel, pip, venv']).status === 0,
);

/** Runs pip on an environment that `makeEnvironment` made; nothing is asked of an index. */
export function pip(environment: string, ...args: readonly string[]): string {
  const python = join(environment, 'bin/python');
  return runIn(
    environment,
    python3 ?? 'python3',
    '-m',
    'pip',
    '--disable-pip-version-check',
    '--python',
    python,
    ...args,
  );
}

/** An empty virtual environment, which sees what the system has to build packages with. */
export function makeEnvironment(folder: string): void {
  runIn('/', python3 ?? 'python3', '-m', 'venv', '--without-pip', '--system-site-packages', folder);
}

/** A Debian package with one file and no script; gives its path. */
export function makeDeb(folder: string, name: string, version: string): string {
  const place = mkdtempSync(join(folder, 'deb-'));
  const tree = join(place, 'tree');
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'usr/share/doc', name), { recursive: true });
  const control = { Package: name, Version: version, Architecture: 'all', Maintainer: 'T <t@example.com>' };
  const fields = Object.entries({ ...control, Description: 'a test' }).map((pair) => `${pair.join(': ')}\n`);
  writeFileSync(join(tree, 'DEBIAN/control'), fields.join(''));
  writeFileSync(join(tree, 'usr/share/doc', name, 'copyright'), 'License: MIT\n');
  const path = join(place, `${name}.deb`);
  runIn(place, 'dpkg-deb', '--root-owner-group', '--build', tree, path);
  return path;
}

/** Runs dpkg on a root filesystem. */
export function dpkg(root: string, ...args: readonly string[]): void {
  for (const folder of ['info', 'updates']) mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '', { flag: 'a' });
  runIn('/', 'dpkg', `--root=${root}`, '--log=/dev/null', ...args);
}
