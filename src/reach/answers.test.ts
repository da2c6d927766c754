import { expect, it } from 'vitest';
import type { OwnedFile, Package } from '../inventory/model.ts';
import { packageAnswers } from './answers.ts';
import { program, reachOf } from './testing/reach-of.ts';

const site = '/usr/lib/python3/dist-packages';

function packageOf(name: string): Package {
  return {
    id: `deb/${name}`,
    type: 'deb',
    name,
    version: '1',
    purl: '',
    evidence: [],
    licenses: [],
  } as unknown as Package;
}

/** What an application that computes a module's name leaves undecided. */
async function answers(main: string, more: Readonly<Record<string, string>> = {}, argv: readonly string[] = []) {
  const files = {
    '/usr/bin/python3.11': program,
    '/usr/lib/python3.11/os.py': '',
    '/srv/app/main.py': main,
    [`${site}/loader/__init__.py`]: 'import importlib\ndef load(name): return importlib.import_module(name)',
    [`${site}/plugin/__init__.py`]: '',
    ...more,
  };
  const config = { entrypoint: ['/usr/bin/python3.11', 'main.py', ...argv], workingDir: '/srv/app' };
  const graph = await reachOf({ config, files, owned: Object.keys(files).filter((path) => path.startsWith('/usr/')) });
  const owned = (path: string): OwnedFile => ({ path }) as OwnedFile;
  const lists = new Map([
    ['deb/loader', [owned(`${site}/loader/__init__.py`)]],
    ['deb/plugin', [owned(`${site}/plugin/__init__.py`)]],
  ]);
  const all = packageAnswers(graph, [packageOf('loader'), packageOf('plugin')], lists);
  return ['loader', 'plugin'].map((name) => all.get(`deb/${name}`)?.answer);
}

it('says no where nothing names a package, though a name is computed', async () => {
  expect(await answers('import loader, sys\nloader.load(sys.stdin.readline())')).toEqual(['yes', 'no']);
});

it('says unknown where code, arguments or a file of the application contain the name', async () => {
  const main = 'import loader, sys\nloader.load(sys.argv[1])';
  const unknown = ['yes', 'unknown'];
  expect(await answers(`${main}\nname = "the plugin"`)).toEqual(unknown);
  expect(await answers(main, {}, ['--load', 'some/plugin'])).toEqual(unknown);
  expect(await answers(main, { '/srv/app/settings.ini': '[load]\nwhat = plugin\n' })).toEqual(unknown);
});
