import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareText } from '../../src/core/compare-text.ts';
import { makeNpmArchive, npmInstall, writeManifest } from './installers.ts';
import { sbomOf } from './sbom-of.ts';

const repository = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cinzel-npm-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasNpm = process.env['CI'] !== undefined || spawnSync('npm', ['--version']).status === 0;

/** What npm says is installed: one `FOLDER name@version` for each folder. */
function npmList(project: string): readonly string[] {
  // It ends with 1 when something is extraneous or missing, and lists all the same.
  const { stdout } = spawnSync('npm', ['ls', '--all', '--long', '--parseable'], { cwd: project, encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const [, path = '', id = ''] = /^([^:]*):(?:[^:]*@npm:)?([^:]*)/.exec(line) ?? [];
    return path === project ? [] : [`${relative(project, path)} ${id}`];
  });
}

interface Tree {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, Tree>>;
}

/** Each name@version in npm's tree of who needs whom. */
function npmTree(project: string): ReadonlySet<string> {
  const { stdout } = spawnSync('npm', ['ls', '--all', '--json'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const found = new Set<string>();
  const visit = ({ dependencies = {} }: Tree): void => {
    for (const [name, tree] of Object.entries(dependencies)) {
      if (tree.version !== undefined) found.add(`${name}@${tree.version}`);
      visit(tree);
    }
  };
  visit(JSON.parse(stdout) as Tree);
  return found;
}

/** What is a dependency of the project, or of one of its dependencies: not the folders that a package has for its tests. */
const installed = /^(?:node_modules\/(?:@[^/]+\/)?[^/]+\/?)+$/;

async function found(project: string): Promise<readonly string[]> {
  const { packages } = await sbomOf(`dir:${project}`);
  const npm = packages.filter(({ type }) => type === 'npm');
  return npm.flatMap(({ name, version, evidence }) => {
    const location = evidence[0].path.slice(1).replace(/\/package\.json$/, '');
    return installed.test(location) ? [`${location} ${name}@${version}`] : [];
  });
}

describe.skipIf(!hasNpm)('installed npm packages', () => {
  it('of this project are those that npm lists, each in its folder', async () => {
    const project = join(folder, 'project');
    mkdirSync(project);
    for (const name of ['package.json', 'package-lock.json', 'node_modules'])
      cpSync(join(repository, name), join(project, name), { recursive: true, verbatimSymlinks: true });
    const ours = await found(project);
    expect(ours.length).toBeGreaterThan(150);
    expect(ours.toSorted(compareText)).toEqual(npmList(project).toSorted(compareText));
    const names = new Set(ours.map((line) => line.split(' ')[1]));
    expect([...npmTree(project)].filter((id) => !names.has(id))).toEqual([]);
  });

  it('are found when scoped, nested, bundled or under another name', async () => {
    const dependency = (name: string, version: string): string => `file:${makeNpmArchive(folder, { name, version })}`;
    const bundled = { name: 'bundled', version: '3.0.0' };
    const bundler = {
      name: 'bundler',
      version: '1.0.0',
      dependencies: { bundled: '*' },
      bundledDependencies: ['bundled'],
    };
    const project = join(folder, 'application');
    writeManifest(project, {
      name: 'application',
      version: '1.0.0',
      dependencies: {
        hoisted: dependency('hoisted', '1.0.0'),
        '@scope/outer': `file:${makeNpmArchive(folder, { name: '@scope/outer', version: '1.0.0', dependencies: { hoisted: dependency('hoisted', '2.0.0') } })}`,
        alias: dependency('real-name', '1.2.3-rc.1+build'),
        bundler: `file:${makeNpmArchive(folder, bundler, bundled)}`,
      },
    });
    npmInstall(project);
    const ours = await found(project);
    expect(ours).toContain('node_modules/@scope/outer/node_modules/hoisted hoisted@2.0.0');
    expect(ours).toContain('node_modules/alias real-name@1.2.3-rc.1+build');
    expect(ours.toSorted(compareText)).toEqual(npmList(project).toSorted(compareText));
  });
});
