import { describe, expect, it } from 'vitest';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';

async function reached(
  cmd: readonly string[],
  files: Parameters<typeof reachOf>[0]['files'],
): Promise<readonly string[]> {
  return reachedFiles(await reachOf({ config: { cmd }, files }));
}

describe('nginx', () => {
  it('reads, includes and serves what its configuration says', async () => {
    const files = {
      '/usr/sbin/nginx': program,
      '/etc/nginx/nginx.conf': `
        load_module modules/x.so; # load_module modules/not.so;
        error_log /var/log/nginx/error.log;
        http { include mime.types; include /etc/nginx/conf.d/*.conf; }`,
      '/etc/nginx/mime.types': '',
      '/etc/nginx/modules/x.so': '',
      '/etc/nginx/modules/not.so': '',
      '/etc/nginx/conf.d/site.conf': `server { root "/srv/www"; ssl_certificate /etc/site.pem;
        location / { include $dynamic; alias /srv/none; } }`,
      '/etc/nginx/conf.d/site.conf.bak': '',
      '/etc/site.pem': '',
      '/srv/www/deep/index.html': '',
      '/srv/other/x': '',
    };
    const not = ['/etc/nginx/modules/not.so', '/etc/nginx/conf.d/site.conf.bak', '/srv/other/x'];
    const expected = Object.keys(files).filter((path) => !not.includes(path));
    expect(await reached(['nginx', '-g', 'daemon off;'], files)).toEqual(expected.sort());
  });

  it('takes another main file', async () => {
    const files = { '/usr/sbin/nginx': program, '/etc/nginx/nginx.conf': '', '/x.conf': 'include /y;', '/y': '' };
    expect(await reached(['nginx', '-c', '/x.conf'], files)).toEqual(['/usr/sbin/nginx', '/x.conf', '/y']);
  });
});

describe('wrappers', () => {
  it.each([
    [['tini', '-s', '-e', '143', '--', 'app']],
    [['dumb-init', '--rewrite', '15:3', 'app']],
    [['gosu', 'user:group', 'app']],
    [['setpriv', '--reuid', '1', '--clear-groups', 'app']],
    [['timeout', '-k', '5', '10s', 'app']],
    [['env', '-u', 'X', 'A=b', 'app']],
    [['nice', '-n', '5', 'ionice', '-c', '3', 'app']],
    [['find', '/x', '-name', 'a', '-exec', 'app', '{}', ';']],
    [['busybox', 'sh', '-c', 'exec app']],
    [['su', '-', 'user', '-c', 'exec app --x']],
    [['su', '--command=app', '-s', '/usr/bin/sh', 'user']],
    [['runuser', '-u', 'user', '--', 'app']],
    [['flock', '-w', '5', '/lock', 'app']],
    [['with-contenv', 'app']],
  ])('%j run what they name', async (argv) => {
    const names = [
      'tini',
      'dumb-init',
      'gosu',
      'setpriv',
      'timeout',
      'env',
      'nice',
      'ionice',
      'find',
      'busybox',
      'app',
      'su',
      'sh',
      'runuser',
      'flock',
      'with-contenv',
    ];
    const programs = Object.fromEntries(names.map((name) => [`/usr/bin/${name}`, program]));
    const files = { ...programs, '/bin': { link: 'usr/bin' } };
    expect(await reached(argv, files)).toContain('/usr/bin/app');
  });
});

describe('runtimes', () => {
  it('find their own folder', async () => {
    const files = {
      '/usr/bin/java': { link: '/usr/lib/jvm/java-17/bin/java' },
      '/usr/lib/jvm/java-17/bin/java': program,
      '/usr/lib/jvm/java-17/lib/modules': '',
      '/usr/lib/jvm/java-11/lib/modules': '',
      '/etc/java-17-openjdk/security/java.security': '',
      '/app/app.jar': '',
    };
    const not = ['/usr/bin/java', '/usr/lib/jvm/java-11/lib/modules'];
    const expected = Object.keys(files).filter((path) => !not.includes(path));
    expect(await reached(['java', '-jar', '/app/app.jar'], files)).toEqual(expected.sort());
  });
});

describe('apache2', () => {
  it('needs modules, included files and what it serves', async () => {
    const files = {
      '/usr/sbin/apache2': program,
      '/etc/apache2/apache2.conf': `IncludeOptional mods-enabled/*.load\nDocumentRoot \${ROOT}\n#LoadModule no /usr/lib/no.so\n`,
      '/etc/apache2/mods-available/mime.load': 'LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so\n',
      '/usr/lib/apache2/modules/mod_mime.so': '',
      '/srv/www/index.html': '',
    };
    const more = {
      '/etc/apache2/mods-enabled/mime.load': { link: '../mods-available/mime.load' },
      '/usr/lib/no.so': '',
      '/usr/lib/apache2/modules/mod_other.so': '',
    };
    const graph = await reachOf({
      config: { cmd: ['apache2', '-D', 'FOREGROUND'], env: ['ROOT=/srv/www', 'PATH=/usr/sbin'] },
      files: { ...files, ...more },
    });
    expect(reachedFiles(graph)).toEqual(Object.keys(files).sort());
  });
});
