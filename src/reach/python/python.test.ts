import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { computeReach } from '../reach.ts';
import { liveFilesystem } from '../testing/live-filesystem.ts';
import { openedFiles } from '../testing/opened-files.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { scanPython } from './scan-python.ts';

const base = {
  '/usr/bin/python3': { link: 'python3.11' },
  '/usr/bin/python3.11': program,
  '/usr/lib/python3.11/os.py': '',
  '/usr/lib/python3.11/test/support.py': '',
  '/usr/lib/python3.11/idlelib/idle.py': '',
} as const;
const site = '/usr/lib/python3/dist-packages';

async function graphOf(
  files: Parameters<typeof reachOf>[0]['files'],
  argv: readonly string[],
  env: readonly string[] = [],
) {
  return reachOf({ config: { entrypoint: argv, workingDir: '/srv/app', env }, files: { ...base, ...files } });
}

async function reached(
  files: Parameters<typeof reachOf>[0]['files'],
  argv: readonly string[] = ['python3', 'main.py'],
  env: readonly string[] = [],
): Promise<readonly string[]> {
  const known = Object.keys(base);
  return reachedFiles(await graphOf(files, argv, env)).filter((path) => !known.includes(path));
}

describe('modules of Python', () => {
  it('are packages, modules, extensions, namespaces and what is imported from them', async () => {
    const files = {
      '/srv/app/main.py':
        'import a.b\nfrom c import d as e, f\nfrom space.one import x\nimport ext, os\nif 0:\n  import late',
      '/srv/app/late.py': '',
      [`${site}/a/__init__.py`]: '',
      [`${site}/a/b.py`]: 'from . import g\nfrom .h.i import j',
      [`${site}/a/g.py`]: '',
      [`${site}/a/h/__init__.py`]: '',
      [`${site}/a/h/i.py`]: '',
      [`${site}/c/__init__.py`]: 'from .f import *',
      [`${site}/c/d.py`]: '',
      [`${site}/c/f.py`]: '',
      [`${site}/space/one.py`]: '',
      [`${site}/ext.cpython-311-x86_64-linux-gnu.so`]: '',
    };
    const more = { [`${site}/unused.py`]: '', [`${site}/a/k.py`]: '', [`${site}/space/two.py`]: '' };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
  });

  it('bring the data and metadata of their package, and what was compiled', async () => {
    const files = {
      '/srv/app/main.py': 'import certs',
      [`${site}/certs/__init__.py`]: '',
      [`${site}/certs/cacert.pem`]: '',
      [`${site}/certs/locale/pt/LC_MESSAGES/certs.mo`]: '',
      [`${site}/certs/__pycache__/__init__.cpython-311.pyc`]: '',
      [`${site}/Certs-1.0.dist-info/METADATA`]: '',
      [`${site}/Certs-1.0.dist-info/RECORD`]: 'certs/__init__.py,sha256=x,0\n',
    };
    const more = {
      [`${site}/certs/tests/big.bin`]: '',
      [`${site}/certs/locale/pt/LC_MESSAGES/certs.po`]: '',
      [`${site}/other-1.0.dist-info/METADATA`]: '',
    };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
  });

  it('keep the standard library but for what nothing loads', async () => {
    const graph = await graphOf({ '/srv/app/main.py': '' }, ['python3', 'main.py']);
    expect(reachedFiles(graph)).toContain('/usr/lib/python3.11/os.py');
    expect(reachedFiles(graph)).not.toContain('/usr/lib/python3.11/test/support.py');
    expect(reachedFiles(graph)).not.toContain('/usr/lib/python3.11/idlelib/idle.py');
  });

  it('are found in virtual environments and through path files', async () => {
    const venv = '/opt/venv/lib/python3.11/site-packages';
    const files = {
      '/opt/venv/pyvenv.cfg': 'home = /usr/bin\n',
      '/srv/app/main.py': 'import inside\nimport linked',
      [`${venv}/inside.py`]: '',
      [`${venv}/extra.pth`]: '/opt/extra\nimport starter; starter.go()\n',
      [`${venv}/starter.py`]: '',
      '/opt/extra/linked.py': '',
    };
    const more = { '/opt/venv/bin/python': { link: '/usr/bin/python3' } };
    expect(await reached({ ...files, ...more }, ['/opt/venv/bin/python', 'main.py'])).toEqual(
      Object.keys(files).sort(),
    );
  });

  it('are followed by texts in the application, and by dotted ones of the package itself elsewhere', async () => {
    const files = {
      '/srv/app/main.py': "APPS = ['plugin.apps.Config', 'local']; import server",
      '/srv/app/local/__init__.py': '',
      '/srv/app/local/models.py': '',
      [`${site}/plugin/__init__.py`]: '',
      [`${site}/plugin/apps.py`]: '',
      [`${site}/server/__init__.py`]: "LOOPS = {'auto': 'server.loops.auto:setup', 'x': 'plugin.other'}",
      [`${site}/server/loops/__init__.py`]: '',
      [`${site}/server/loops/auto.py`]: '',
    };
    expect(await reached({ ...files, [`${site}/plugin/other.py`]: '' })).toEqual(Object.keys(files).sort());
  });

  it('start as -m, as scripts with words, and as variables say', async () => {
    const files = {
      '/usr/bin/gunicorn': { mode: 0o755, content: '#!/usr/bin/python3\nimport gunicorn' },
      [`${site}/gunicorn/__init__.py`]: '',
      '/srv/app/web/wsgi.py': "import importlib; importlib.import_module('web.extra')",
      '/srv/app/web/extra.py': '',
      '/srv/app/settings.py': '',
    };
    expect(await reached(files, ['gunicorn', 'web.wsgi:app'], ['DJANGO_SETTINGS_MODULE=settings'])).toEqual(
      Object.keys(files).sort(),
    );
    const module = { '/srv/app/tool/__init__.py': '', '/srv/app/tool/__main__.py': '' };
    expect(await reached(module, ['python3', '-u', '-m', 'tool'])).toEqual(Object.keys(module).sort());
  });

  it('are named with an attribute by words and variables, and by settings that are a file', async () => {
    const worker = `${site}/uvicorn/workers.py`;
    const files = {
      '/srv/app/main.py': '',
      '/etc/app/conf.py': "worker_class = 'uvicorn.workers.Worker'\nimport helper",
      [`${site}/uvicorn/__init__.py`]: '',
      [worker]: '',
      [`${site}/helper.py`]: '',
      [`${site}/never.py`]: '',
    };
    for (const words of [['-k', 'uvicorn.workers.Worker'], ['--worker-class=uvicorn.workers.Worker']]) {
      expect(await reached(files, ['python3', 'main.py', ...words])).toContain(worker);
    }
    for (const value of ['GUNICORN_CMD_ARGS=-k uvicorn.workers.W', 'APP_WORKER=uvicorn.workers.W']) {
      expect(await reached(files, ['python3', 'main.py'], [value, 'OTHER=never'])).toEqual([
        '/srv/app/main.py',
        `${site}/uvicorn/__init__.py`,
        worker,
      ]);
    }
    for (const words of [
      ['-c', '/etc/app/conf.py'],
      ['--config=file:/etc/app/conf.py'],
      ['-c', '../../etc/app/conf.py'],
    ]) {
      const found = await reached(files, ['python3', 'main.py', ...words]);
      expect(found).toEqual(expect.arrayContaining(['/etc/app/conf.py', `${site}/helper.py`, worker]));
    }
  });

  it('are plugins of packages that are known to compute the names of groups', async () => {
    const offer = (group: string) => `[${group}]\nx = plugin.dialect:X\n`;
    const files = (group: string, top: string) => ({
      '/srv/app/main.py': `import ${top}`,
      [`${site}/${top}/__init__.py`]: 'from importlib import metadata\nmetadata.entry_points(group=self.group)',
      [`${site}/plugin/__init__.py`]: '',
      [`${site}/plugin/dialect.py`]: '',
      [`${site}/plugin-1.dist-info/entry_points.txt`]: offer(group),
    });
    expect(await reached(files('sqlalchemy.dialects', 'sqlalchemy'))).toContain(`${site}/plugin/dialect.py`);
    expect(await reached(files('other.group', 'sqlalchemy'))).not.toContain(`${site}/plugin/dialect.py`);
    expect(await reached(files('sqlalchemy.dialects', 'constructor'))).not.toContain(`${site}/plugin/dialect.py`);
  });

  it('bring time zones to who asks the standard library for them', async () => {
    const zones = [`${site}/tzdata/__init__.py`, `${site}/tzdata/zoneinfo/Europe/Paris`];
    const files = {
      ...Object.fromEntries(zones.map((path) => [path, ''])),
      '/usr/lib/python3.11/zoneinfo/__init__.py': '',
    };
    expect(await reached({ ...files, '/srv/app/main.py': 'from zoneinfo import ZoneInfo' })).toEqual(
      expect.arrayContaining(zones),
    );
    expect(await reached({ ...files, '/srv/app/main.py': 'import os' })).not.toContain(zones[1]);
  });

  it('bring the program that the standard library asks about the machine for its callers', async () => {
    const files = {
      '/srv/app/main.py': 'import celery',
      [`${site}/celery/__init__.py`]: 'import platform as _platform\nname = _platform.platform()',
      '/usr/bin/uname': program,
    };
    expect(await reached(files)).toContain('/usr/bin/uname');
    const quiet = { ...files, [`${site}/celery/__init__.py`]: 'import platform\nname = platform.python_version()' };
    expect(await reached(quiet)).not.toContain('/usr/bin/uname');
  });

  it('say what they compute, and offer themselves as entry points', async () => {
    const files = {
      '/srv/app/main.py': 'import host\nhost.load()',
      [`${site}/host/__init__.py`]:
        "from importlib.metadata import entry_points\nentry_points(group='host.plugins')\n__import__(name)",
      [`${site}/guest/__init__.py`]: '',
      [`${site}/guest-1.dist-info/entry_points.txt`]: '[host.plugins]\nguest = guest:Plugin\n',
      [`${site}/guest-1.dist-info/top_level.txt`]: 'guest\n',
    };
    const graph = await graphOf(files, ['python3', 'main.py']);
    expect(reachedFiles(graph)).toContain(`${site}/guest/__init__.py`);
    expect(graph.undecided).toEqual([
      { path: `${site}/host/__init__.py`, problem: 'module', detail: '__import__(name)', language: 'python' },
    ]);
  });

  it('are found by the name of an entry point, as scripts of older installers ask for it', async () => {
    const script = "from os import path\nload_entry_point('tool==1.0', 'console_scripts', 'tool')()";
    const files = {
      '/usr/bin/tool': { mode: 0o755, content: `#!/usr/bin/python3\n${script}` },
      [`${site}/tool/__init__.py`]: '',
      [`${site}/tool/main.py`]: '',
      [`${site}/tool-1.0.egg-info/PKG-INFO`]: '',
      [`${site}/tool-1.0.egg-info/entry_points.txt`]:
        '[console_scripts]\ntool = tool.main:run\nother = tool.other:run\n[more]\ntool = tool.other\n',
    };
    const more = {
      [`${site}/tool/other.py`]: '',
      [`${site}/else-1.0.egg-info/entry_points.txt`]: '[console_scripts]\nelse = else:run\n',
    };
    expect(await reached({ ...files, ...more }, ['tool'])).toEqual(Object.keys(files).sort());
  });

  it('are not what stands in for a module of the standard library that is there', async () => {
    const main = [
      'try:\n  import os\nexcept ImportError:\n  import substitute',
      'try:\n  import absent\nexcept (ImportError):\n  import needed',
      'try:\n  import os\n  os.load()\nexcept ImportError:\n  import maybe',
    ];
    const files = { '/srv/app/main.py': main.join('\n'), [`${site}/needed.py`]: '', [`${site}/maybe.py`]: '' };
    expect(await reached({ ...files, [`${site}/substitute.py`]: '' })).toEqual(Object.keys(files).sort());
  });

  it('leave setuptools to who asks for distutils, and make namespaces of folders', async () => {
    const namespace = "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('space',));0";
    const files = {
      '/srv/app/main.py': 'import os',
      [`${site}/distutils-precedence.pth`]: "import os; __import__('_distutils_hack').add_shim();",
      [`${site}/_distutils_hack/__init__.py`]: "import importlib\nimportlib.import_module('setuptools._distutils')",
      [`${site}/space.one-nspkg.pth`]: namespace,
    };
    const more = {
      [`${site}/setuptools/__init__.py`]: '',
      [`${site}/setuptools/_distutils/__init__.py`]: '',
      [`${site}/space/__init__.py`]: '',
    };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
    expect((await graphOf({ ...files, ...more }, ['python3', 'main.py'])).nodes.has(`${site}/space`)).toBe(true);
    const asking = await reached({ ...files, ...more, '/srv/app/main.py': 'import distutils.core' });
    expect(asking).toContain(`${site}/setuptools/_distutils/__init__.py`);
  });

  it('run programs when they are the application', async () => {
    const files = {
      '/srv/app/main.py': "import subprocess, os\nsubprocess.run(['tool', 'x'])\nos.system('other y')",
      '/usr/bin/tool': program,
      '/usr/bin/other': program,
      '/bin/sh': program,
    };
    expect(await reached(files)).toEqual(['/bin/sh', '/srv/app/main.py', '/usr/bin/other', '/usr/bin/tool']);
  });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cinzel-python-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const missing = isMissing('strace', '-V') || isMissing('/usr/bin/python3', '--version');

  it.skipIf(missing)('include every file that a real program opens', { timeout: 120_000 }, async () => {
    writeFileSync(join(folder, 'helper.py'), 'import asyncio, email.message, logging.handlers\n');
    const modules =
      'json, ssl, sqlite3, http.server, urllib.request, decimal, ctypes, hashlib, concurrent.futures, zoneinfo';
    writeFileSync(join(folder, 'main.py'), `import helper, ${modules}\nzoneinfo.ZoneInfo('Europe/Lisbon')\n`);
    const env = { PATH: '/usr/bin:/bin' };
    const argv = ['/usr/bin/python3', 'main.py'];
    const { graph } = await computeReach({
      config: { entrypoint: argv, workingDir: folder, env: ['PATH=/usr/bin:/bin'] },
      filesystem: liveFilesystem() as Filesystem,
      keep: [],
      isOwned: () => false,
      context: createContext(),
    });
    const opened = openedFiles(argv, folder, { ...env, PYTHONDONTWRITEBYTECODE: '1' });
    expect(opened.length).toBeGreaterThan(50);
    expect(opened.filter((path) => !graph.nodes.has(path))).toEqual([]);
  });
});

describe('scanPython', () => {
  it('reads imports of every form', () => {
    const text = 'import a.b as c, d\nfrom ..e.f import (g as h,\n  i)\nfrom . import j\nfrom k import *';
    expect(scanPython(text).imports).toEqual([
      { module: 'a.b', level: 0, names: [] },
      { module: 'd', level: 0, names: [] },
      { module: 'e.f', level: 2, names: ['g', 'i'] },
      { module: '', level: 1, names: ['j'] },
      { module: 'k', level: 0, names: ['*'] },
    ]);
  });

  it('ends on anything', () => {
    const pieces = fc.constantFrom(
      'import ',
      'from ',
      '.',
      '(',
      ')',
      "'",
      '"""',
      '\n',
      '    ',
      'x',
      ',',
      '\\',
      'f"',
      '{',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 60 }), (parts) => {
        scanPython(parts.join(''));
      }),
      { numRuns: 500 },
    );
  });
});
