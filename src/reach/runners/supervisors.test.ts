import { describe, expect, it } from 'vitest';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';

type Files = Parameters<typeof reachOf>[0]['files'];

async function reached(cmd: readonly string[], files: Files): Promise<readonly string[]> {
  return reachedFiles(await reachOf({ config: { cmd, env: ['PATH=/usr/bin:/command', 'MODE=fast'] }, files }));
}

const script = (content: string) => ({ mode: 0o755, content });

describe('supervisord', () => {
  const files: Files = {
    '/usr/bin/supervisord': program,
    '/usr/bin/web': program,
    '/usr/bin/other': program,
    '/srv/worker': program,
    '/srv/fast.conf': '',
    '/etc/listen.sh': script('#!/usr/bin/sh\nother\n'),
    '/usr/bin/sh': program,
    '/etc/supervisord.conf': `; [program:no]
[supervisord]
logfile=/var/log/x/s.log
[program:web] 
command=web --config "/srv/%(ENV_MODE)s.conf" ; not never
[include]
files = conf.d/*.ini
  more/*.conf
`,
    '/etc/conf.d/worker.ini': '[program:worker]\ndirectory = /srv\ncommand = ./worker\n[include]\nfiles=../not.ini\n',
    '/etc/more/a.conf': '[eventlistener:l]\ncommand=%(here)s/../listen.sh\n',
    '/etc/conf.d/worker.ini.bak': '',
    '/etc/not.ini': '[program:never]\ncommand=/usr/bin/never\n',
    '/usr/bin/never': program,
  };

  it('starts the programs of its file and of those that it includes', async () => {
    const not = ['/etc/conf.d/worker.ini.bak', '/etc/not.ini', '/usr/bin/never'];
    const expected = Object.keys(files).filter((path) => !not.includes(path));
    expect(await reached(['supervisord', '-n'], files)).toEqual(expected.sort());
  });

  it.each([[['-c', '/x.conf']], [['-n', '-c/x.conf']], [['--configuration=/x.conf']]])(
    'reads what %j names',
    async (words) => {
      const more = { ...files, '/x.conf': '[program:x]\ncommand=/usr/bin/never\n' };
      expect(await reached(['supervisord', ...words], more)).toEqual([
        '/usr/bin/never',
        '/usr/bin/supervisord',
        '/x.conf',
      ]);
    },
  );

  it('takes any bytes for a file', async () => {
    for (const content of [
      '[',
      '[program:',
      '[program:x]\ncommand="',
      '=\n:\n  x\n[program:x]\n command',
      '\0\u{1F4A9}[x]a=%(',
    ]) {
      expect(await reached(['supervisord'], { ...files, '/etc/supervisord.conf': content })).toContain(
        '/etc/supervisord.conf',
      );
    }
  });
});

describe('service folders', () => {
  const files: Files = {
    '/etc/service/web/run': script('#!/usr/bin/sh\nexec web\n'),
    '/etc/service/web/log/run': script('#!/usr/bin/sh\nexec logger\n'),
    '/etc/service/web/env/PORT': '80',
    '/usr/bin/sh': program,
    '/usr/bin/web': program,
    '/usr/bin/logger': program,
  };

  it.each(['runsvdir', 's6-svscan'])('of %s are run', async (name) => {
    const supervisor = name === 'runsvdir' ? 'runsv' : 's6-supervise';
    const tools = { [`/usr/bin/${name}`]: program, [`/usr/bin/${supervisor}`]: program };
    const all = { ...files, ...tools };
    expect(await reached([name, '/etc/service'], { ...all, '/usr/bin/never': program })).toEqual(
      Object.keys(all).sort(),
    );
  });

  it('may be links, as Debian has them', async () => {
    const { '/etc/service/web/run': run = '', ...others } = files;
    const linked: Files = {
      ...others,
      '/etc/sv/api/run': run,
      '/etc/service/api': { link: '/etc/sv/api' },
      '/usr/bin/runsvdir': program,
    };
    expect(await reached(['runsvdir', '-P', '/etc/service'], linked)).toContain('/etc/sv/api/run');
  });

  it('of s6-overlay are run, with its scripts and the command', async () => {
    const all: Files = {
      '/init': script('#!/usr/bin/sh\nexec /package/admin/s6-overlay/libexec/preinit\n'),
      '/package/admin/s6-overlay/libexec/preinit': program,
      '/command/execlineb': program,
      '/command/with-contenv': program,
      '/etc/s6-overlay/s6-rc.d/one/up': '/etc/s6-overlay/scripts/one',
      '/etc/s6-overlay/scripts/one': script('#!/command/execlineb -P\nwith-contenv s6-setuidgid app migrate { now }\n'),
      '/etc/s6-overlay/s6-rc.d/web/run': script('#!/command/execlineb -P\nwith-contenv\n# never\nweb -p 80\n'),
      '/etc/s6-overlay/s6-rc.d/web/type': 'longrun',
      '/usr/bin/migrate': program,
      '/usr/bin/web': program,
      '/usr/bin/cmd': program,
      '/usr/bin/sh': program,
    };
    expect(await reached(['/init', 'cmd'], { ...all, '/usr/bin/never': program })).toEqual(Object.keys(all).sort());
  });
});
