import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { MemoryEntry } from '../../inventory/testing/memory-filesystem.ts';
import { isMissing } from '../../versions/testing/oracle.ts';
import { freePort } from '../testing/free-port.ts';
import { liveReach, missedFiles } from '../testing/live-reach.ts';
import { answerOf, openedByServer } from '../testing/opened-files.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { scanPhp } from './scan-php.ts';

type Files = Readonly<Record<string, MemoryEntry>>;
const base: Files = { '/usr/bin/php8.2': program };

async function reached(files: Files, argv: readonly string[] = ['php8.2', 'index.php']): Promise<readonly string[]> {
  const graph = await reachOf({ config: { entrypoint: argv, workingDir: '/srv/app' }, files: { ...base, ...files } });
  return reachedFiles(graph).filter((path) => base[path] === undefined);
}

describe('files of PHP', () => {
  it('include files beside, on the include path, and what begins as a computed path does', async () => {
    const files: Files = {
      '/srv/app/index.php': [
        '<?php',
        "require_once __DIR__ . '/lib/a.php';",
        "include(dirname(__FILE__) . '/../shared/b.php');",
        "require 'Vendor/Thing/autoload.php';",
        "include __DIR__ . '/pages/' . $page . '.php';",
        "// require 'no.php';",
        "$text = file_get_contents(__DIR__ . '/data.txt');",
      ].join('\n'),
      '/srv/app/lib/a.php': '<?php',
      '/srv/app/data.txt': '',
      '/srv/app/pages/home.php': '<?php',
      '/srv/shared/b.php': '<?php',
      '/usr/share/php/Vendor/Thing/autoload.php':
        "<?php\nspl_autoload_register(function ($c) { static $m = array('x' => '/X.php'); require __DIR__ . $m[$c]; });",
      '/usr/share/php/Vendor/Thing/X.php': '<?php',
      '/usr/share/php/Vendor/schema.json': '',
    };
    const more: Files = { '/srv/app/no.php': '', '/usr/share/php/Other/Y.php': '' };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
  });

  it('use classes that Composer finds, wherever the namespace or an alias puts them', async () => {
    const vendor = '/srv/app/vendor';
    const files: Files = {
      '/srv/app/index.php': "<?php require __DIR__ . '/vendor/autoload.php'; echo (new App\\Kernel)->run();",
      '/srv/app/src/Kernel.php':
        '<?php namespace App; use Acme\\Lib\\{Tool as T}; class Kernel extends Base { function run() { return T::x(); } }',
      '/srv/app/src/Base.php': '<?php namespace App;',
      [`${vendor}/autoload.php`]: "<?php require_once __DIR__ . '/composer/autoload_real.php';",
      [`${vendor}/composer/autoload_real.php`]: '<?php',
      [`${vendor}/composer/autoload_psr4.php`]:
        "<?php\nreturn array(\n    'App\\\\' => array($baseDir . '/src'),\n    'Acme\\\\Lib\\\\' => array($vendorDir . '/acme/lib/src'),\n);",
      [`${vendor}/composer/autoload_classmap.php`]:
        "<?php\nreturn array(\n    'Legacy' => $vendorDir . '/acme/old/legacy.php',\n);",
      [`${vendor}/composer/autoload_files.php`]:
        "<?php\nreturn array(\n    'abc' => $vendorDir . '/acme/lib/helpers.php',\n);",
      [`${vendor}/acme/lib/helpers.php`]: '<?php',
      [`${vendor}/acme/lib/src/Tool.php`]:
        '<?php namespace Acme\\Lib; class Tool { static function x() { return \\Legacy::y(); } }',
      [`${vendor}/acme/old/legacy.php`]: '<?php',
    };
    const more: Files = { [`${vendor}/acme/lib/src/Unused.php`]: '<?php', [`${vendor}/acme/none/src/A.php`]: '<?php' };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
  });

  it('bring the extensions and files that settings name, of pools too', async () => {
    const files: Files = {
      '/usr/local/etc/php/php.ini':
        'extension=mbstring\nauto_prepend_file = "/srv/prepend.php" ; first\n;extension=no\n',
      '/usr/local/etc/php/conf.d/x.ini': 'zend_extension=opcache.so\ncurl.cainfo=/etc/ca.pem\n',
      '/usr/local/lib/php/extensions/no-debug-non-zts-20220829/mbstring.so': '',
      '/usr/local/lib/php/extensions/no-debug-non-zts-20220829/opcache.so': '',
      '/srv/prepend.php': "<?php include 'tools.php';",
      '/srv/tools.php': '<?php',
      '/etc/ca.pem': '',
      '/srv/app/index.php': '<?php',
    };
    const more: Files = { '/usr/local/lib/php/extensions/no-debug-non-zts-20220829/no.so': '' };
    expect(await reached({ ...files, ...more })).toEqual(Object.keys(files).sort());
    const pool: Files = {
      '/usr/local/sbin/php-fpm': program,
      '/usr/local/etc/php-fpm.conf': '[global]\ninclude=etc/none.conf\ninclude=/usr/local/etc/php-fpm.d/*.conf\n',
      '/usr/local/etc/php-fpm.d/www.conf': '[www]\nphp_admin_value[auto_append_file] = /srv/append.php\n',
      '/srv/append.php': '<?php',
    };
    expect(await reached({ ...files, ...more, ...pool }, ['php-fpm', '-F'])).toEqual(
      Object.keys({ ...files, ...pool }).sort(),
    );
  });

  it('are the whole package where the name is computed, and that is said', async () => {
    const files: Files = {
      '/srv/app/index.php': "<?php require 'Kit/Main.php';",
      '/usr/share/php/Kit/Main.php': '<?php include $file;',
      '/usr/share/php/Kit/Part.php': '<?php',
    };
    const graph = await reachOf({
      config: { entrypoint: ['php8.2', 'index.php'], workingDir: '/srv/app' },
      files: { ...base, ...files },
    });
    expect(reachedFiles(graph)).toEqual([...Object.keys(files), '/usr/bin/php8.2'].sort());
    expect(graph.undecided).toEqual([
      { path: '/usr/share/php/Kit/Main.php', problem: 'module', detail: '$file', language: 'php' },
    ]);
  });

  it('are served whole, and start programs through the shell when they are the application', async () => {
    const files: Files = {
      '/srv/app/public/a.php': "<?php exec('tool -v');",
      '/srv/app/public/b/c.php': '<?php',
      '/usr/bin/tool': program,
      '/bin/sh': program,
    };
    expect(await reached(files, ['php8.2', '-S', '0.0.0.0:80', '-t', 'public'])).toEqual(Object.keys(files).sort());
  });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cinzel-php-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const missing = isMissing('strace', '-V') || isMissing('php', '-r', "require 'Composer/Semver/autoload.php';");

  it.skipIf(missing)('include every file that a real server opens', { timeout: 120_000 }, async () => {
    writeFileSync(
      join(folder, 'index.php'),
      "<?php require 'Composer/Semver/autoload.php';\necho Composer\\Semver\\Semver::satisfies('1.2.3', '^1.0') ? 'yes' : 'no';",
    );
    const port = await freePort();
    const traced = { argv: ['/usr/bin/php', '-S', `127.0.0.1:${port}`], cwd: folder, env: { PATH: '/usr/bin:/bin' } };
    const opened = await openedByServer(traced, async () => {
      expect(await answerOf(`http://127.0.0.1:${port}/`)).toBe('yes');
    });
    expect(opened.some((path) => path.startsWith('/usr/share/php/Composer/'))).toBe(true);
    expect(missedFiles(await liveReach(traced), opened, traced)).toEqual([]);
  });
});

describe('scanPhp', () => {
  it('ends on anything', () => {
    const pieces = fc.constantFrom(
      'require ',
      "'",
      '"',
      '$x',
      '.',
      '(',
      ')',
      '\n',
      '__DIR__',
      'use ',
      '\\',
      '{',
      '}',
      ';',
      'dirname(',
      ',2)',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 60 }), (parts) => {
        scanPhp(parts.join(''), '/srv/index.php');
      }),
      { numRuns: 500 },
    );
  });
});
