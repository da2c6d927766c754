import { execFileSync, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import { takeInventory } from '../take-inventory.ts';
import { diskFilesystem } from '../testing/disk-filesystem.ts';
import { memoryFilesystem } from '../testing/memory-filesystem.ts';
import { python } from './python.ts';

const metadata = (name: string, version: string): string =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\nlong\ntext`;

describe('installed Python distributions', () => {
  it('are found in every form, with what they own and where they came from', async () => {
    const site = '/usr/lib/python3/dist-packages';
    const filesystem = memoryFilesystem({
      [`${site}/flask-3.0.0.dist-info/METADATA`]: metadata('Flask', '3.0.0'),
      [`${site}/flask-3.0.0.dist-info/RECORD`]: 'flask/app.py,sha256=x,10\n../../../bin/flask,,\n"a,b.py",,\n',
      [`${site}/flask-3.0.0.dist-info/direct_url.json`]: '{"url": "https://example.com/flask.git"}',
      [`${site}/old.egg-info`]: metadata('old', '1.0'),
      [`${site}/folder.egg-info/PKG-INFO`]: metadata('folder', '2.0').replaceAll('\n', '\r\n'),
      [`${site}/x.egg/EGG-INFO/PKG-INFO`]: metadata('egg', '0.1'),
      [`${site}/x.egg/egg/deep/a.py`]: '',
      [`${site}/x.egg/egg.py`]: '',
      [`${site}/broken.dist-info/METADATA`]: 'Name: broken\n',
    });
    const inventory = await takeInventory(filesystem, [python], createContext());
    expect(inventory.packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'Flask 3.0.0',
      'egg 0.1',
      'folder 2.0',
      'old 1.0',
    ]);
    expect(inventory.packages[0]).toMatchObject({
      purl: 'pkg:pypi/flask@3.0.0',
      origin: 'https://example.com/flask.git',
    });
    const files = (await inventory.files()).get(inventory.packages[0]?.id ?? '') ?? [];
    expect(files.map(({ path }) => path)).toEqual([`${site}/flask/app.py`, '/usr/bin/flask', `${site}/a,b.py`]);
    const egg = (await inventory.files()).get(inventory.packages[1]?.id ?? '') ?? [];
    expect(egg.map(({ path }) => path.slice(site.length)).sort()).toEqual([
      '/x.egg/EGG-INFO/PKG-INFO',
      '/x.egg/egg.py',
      '/x.egg/egg/deep/a.py',
    ]);
    expect(inventory.diagnostics.map(({ code }) => code)).toEqual(['package.without-version']);
  });

  const folder = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
    encoding: 'utf8',
  }).stdout?.trim();

  it.skipIf(!folder && !process.env['CI'])(
    'are all those that pip lists, besides copies that others bring along',
    async () => {
      const listed = JSON.parse(
        execFileSync('python3', ['-m', 'pip', 'list', '--format=json', '--path', folder], { encoding: 'utf8' }),
      ) as {
        name: string;
        version: string;
      }[];
      const inventory = await takeInventory(
        diskFilesystem(dirname(folder), [...python.selects, ...python.reads]),
        [python],
        createContext(),
      );
      const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');
      const found = inventory.packages.map(({ name, version }) => `${normal(name)} ${version}`);
      expect(listed.length).toBeGreaterThan(0);
      expect(found).toEqual(expect.arrayContaining(listed.map(({ name, version }) => `${normal(name)} ${version}`)));
    },
  );
});
