import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareText } from '../../src/core/compare-text.ts';
import { createContext } from '../../src/core/context.ts';
import { python } from '../../src/inventory/catalogers/python.ts';
import type { Inventory, Package } from '../../src/inventory/model.ts';
import { takeInventory } from '../../src/inventory/take-inventory.ts';
import { diskFilesystem } from '../../src/inventory/testing/disk-filesystem.ts';
import { makeEnvironment, makeWheel, pip, python3, runIn } from './installers.ts';
import { normalPythonName } from './sbom-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-python-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = join(folder, 'environment');

/** A project with a setup.py; gives its folder. */
function project(name: string, version: string): string {
  const place = join(folder, `source-${name}`);
  mkdirSync(join(place, name), { recursive: true });
  writeFileSync(join(place, name, '__init__.py'), '');
  const call = `setup(name='${name}', version='${version}', packages=['${name}'], license='BSD', zip_safe=True)`;
  writeFileSync(join(place, 'setup.py'), `from setuptools import setup\n${call}\n`);
  const system = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
  writeFileSync(join(place, 'pyproject.toml'), system);
  return place;
}

function siteFolder(): string {
  const [version = ''] = readdirSync(join(environment, 'lib'));
  return join(environment, 'lib', version, 'site-packages');
}

/** Everything that is here to be found, in each form that an installer makes. */
function install(): void {
  makeEnvironment(environment);
  const wheels = [
    makeWheel(folder, 'plain', '1.0', 'License-Expression: MIT OR Apache-2.0'),
    makeWheel(folder, 'Mixed_Case.Name', '1.0rc1', 'Classifier: License :: OSI Approved :: MIT License'),
    makeWheel(folder, 'local', '2.0+cpu'),
  ];
  pip(environment, 'install', '--no-index', ...wheels);
  pip(environment, 'install', '--no-index', '--no-deps', '--no-build-isolation', project('direct', '0.1.dev3'));
  pip(environment, 'install', '--no-index', '--no-build-isolation', '--editable', project('editable', '0.2'));
  const site = siteFolder();
  const setup = join(environment, 'bin/python');
  const record = ['--single-version-externally-managed', '--record', join(folder, 'record')];
  runIn(project('folder', '3.0'), setup, 'setup.py', '-q', 'install', ...record, '--install-lib', site);
  const [egg = ''] = eggOf('zipped', '4.0');
  cpSync(join(folder, 'source-zipped/dist', egg), join(site, egg));
  const [other = ''] = eggOf('unzipped', '5.0');
  runIn(folder, 'python3', '-m', 'zipfile', '-e', join(folder, 'source-unzipped/dist', other), join(site, other));
  writeFileSync(join(site, 'eggs.pth'), `./${egg}\n./${other}\n`);
}

function eggOf(name: string, version: string): readonly string[] {
  const place = project(name, version);
  runIn(place, join(environment, 'bin/python'), 'setup.py', '-q', 'bdist_egg');
  return readdirSync(join(place, 'dist'));
}

describe.skipIf(python3 === undefined && !process.env['CI'])('a Python environment', () => {
  let inventory: Inventory;
  const named = (name: string): Package | undefined => inventory.packages.find((item) => item.name === name);

  beforeAll(async () => {
    install();
    const filesystem = diskFilesystem(environment, [...python.selects, ...python.reads]);
    inventory = await takeInventory(filesystem, [python], createContext());
  });

  it('has the distributions that pip lists', () => {
    const listed = JSON.parse(pip(environment, 'list', '--local', '--format=json')) as {
      readonly name: string;
      readonly version: string;
    }[];
    // It lists an egg as often as something leads to it.
    const names = [...new Set(listed.map(({ name, version }) => `${normalPythonName(name)} ${version}`))];
    const found = inventory.packages.map(({ name, version }) => `${normalPythonName(name)} ${version}`);
    expect(found.sort(compareText)).toEqual(names.sort(compareText));
    expect(found).toHaveLength(8);
    expect(inventory.diagnostics).toEqual([]);
  });

  it('owns the files that Python says each has', async () => {
    const script =
      'import importlib.metadata as m, json, os, sys\n' +
      'print(json.dumps({d.metadata["Name"]: sorted(os.path.normpath(d.locate_file(f)) for f in d.files) ' +
      'for d in m.distributions(path=[sys.argv[1]]) if d.read_text("RECORD")}))';
    const said = JSON.parse(runIn(folder, python3 ?? 'python3', '-c', script, siteFolder())) as Record<
      string,
      readonly string[]
    >;
    const files = await inventory.files();
    const ours = Object.fromEntries(
      Object.keys(said).map((name) => [
        name,
        (files.get(named(name)?.id ?? '') ?? []).map(({ path }) => join(environment, path)).sort(compareText),
      ]),
    );
    expect(Object.keys(said).length).toBeGreaterThanOrEqual(5);
    expect(ours).toEqual(said);
  });

  it('says where distributions came from and what their licences are', () => {
    expect(named('direct')?.origin).toBe(`file://${join(folder, 'source-direct')}`);
    expect(named('editable')?.origin).toBe(`file://${join(folder, 'source-editable')}`);
    expect(named('plain')?.licenses).toEqual(['MIT OR Apache-2.0']);
    expect(named('Mixed_Case.Name')).toMatchObject({
      purl: 'pkg:pypi/mixed-case-name@1.0rc1',
      licenses: ['MIT'],
    });
    expect(named('local')?.purl).toBe('pkg:pypi/local@2.0%2Bcpu');
    expect(named('zipped')?.evidence[0].path).toMatch(/\.egg$/);
  });
});
