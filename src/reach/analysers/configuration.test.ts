import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryEntry } from '../../inventory/testing/memory-filesystem.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';

const server = { '/usr/sbin/server': program };

async function reachedBy(files: Readonly<Record<string, MemoryEntry>>, argument: string): Promise<readonly string[]> {
  const graph = await reachOf({
    config: { entrypoint: ['/usr/sbin/server', '-f', argument] },
    files: { ...server, ...files },
  });
  return reachedFiles(graph).filter((path) => path !== '/usr/sbin/server' && path !== argument);
}

describe('configuration of any format', () => {
  it('needs the files that it names, outside comments', async () => {
    const files = {
      '/etc/proxy/proxy.cfg': [
        'errorfile 400 /etc/proxy/errors/400.http',
        'ssl-crt="/etc/proxy/site.pem"; # the certificate',
        '# errorfile 500 /etc/proxy/errors/500.http',
        'backend http://host/etc/proxy/errors/503.http',
      ].join('\n'),
      '/etc/proxy/errors/400.http': 'x',
      '/etc/proxy/errors/500.http': 'x',
      '/etc/proxy/errors/503.http': 'x',
      '/etc/proxy/site.pem': 'x',
    };
    expect(await reachedBy(files, '/etc/proxy/proxy.cfg')).toEqual([
      '/etc/proxy/errors/400.http',
      '/etc/proxy/site.pem',
    ]);
  });

  it('needs what it includes, from its own folder and by patterns, and what that needs', async () => {
    const files = {
      '/etc/d/main.conf': 'include_dir conf.d\ninclude = "/etc/*/extra/*.conf"\n',
      '/etc/d/conf.d/a.conf': 'data /srv/a.db',
      '/etc/e/extra/b.conf': '',
      '/etc/e/extra/b.bak': '',
      '/srv/a.db': '',
    };
    const reached = await reachedBy(files, '/etc/d/main.conf');
    expect(reached).toEqual(['/etc/d/conf.d/a.conf', '/etc/e/extra/b.conf', '/srv/a.db']);
  });

  it('needs folders whole, but for those of the system', async () => {
    const files = {
      '/etc/www.conf': 'document-root = /srv/www\nchroot /usr/lib\n',
      '/srv/www/index.html': '',
      '/srv/www/deep/page.html': 'see /srv/other',
      '/srv/other': '',
      '/usr/lib/lib.so': '',
    };
    expect(await reachedBy(files, '/etc/www.conf')).toEqual(['/srv/www/deep/page.html', '/srv/www/index.html']);
  });

  it('needs a shell only where it hands a command to one', async () => {
    const files = {
      '/bin/sh': program,
      '/usr/bin/tool': program,
      '/etc/plain.conf': 'shell /bin/sh\n',
      '/etc/shell.conf': 'include_shell "/usr/bin/tool -x"\n',
    };
    expect(await reachedBy(files, '/etc/plain.conf')).toEqual([]);
    expect(await reachedBy(files, '/etc/shell.conf')).toEqual(['/bin/sh', '/usr/bin/tool']);
  });

  it('is data: to reach it is not to reach code of its package', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/usr/sbin/server', '/etc/a.conf'] },
      files: { ...server, '/etc/a.conf': 'x /etc/b.conf', '/etc/b.conf': '' },
    });
    expect(graph.nodes.get('/etc/a.conf')?.code).toBe(false);
  });

  it('ends on anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 300 }), async (bytes, text) => {
        for (const content of [bytes, `include ${text}\n/${text}`]) await reachedBy({ '/etc/x': content }, '/etc/x');
      }),
      { numRuns: 200 },
    );
  });
});
