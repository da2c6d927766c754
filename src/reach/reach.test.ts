import { describe, expect, it } from 'vitest';
import { CinzelError } from '../core/errors.ts';
import { makeElf } from '../formats/elf/testing/make-elf.ts';
import { program, reachedFiles, reachOf } from './testing/reach-of.ts';
import { chainTo, tiesTo } from './why.ts';

const elf = (parts: Parameters<typeof makeElf>[0] = {}) => ({ mode: 0o755, content: makeElf(parts) });

describe('computeReach', () => {
  it('begins at entrypoint and command, found in PATH', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['server'], cmd: ['--file=data.txt'], workingDir: '/srv', env: ['PATH=/opt/bin:/usr/bin'] },
      files: { '/opt/bin/server': program, '/usr/bin/server': program, '/srv/data.txt': 'x', '/srv/other.txt': 'x' },
    });
    expect(reachedFiles(graph)).toEqual(['/opt/bin/server', '/srv/data.txt']);
  });

  it('says that an image runs nothing, or what is not there', async () => {
    await expect(reachOf({ config: {}, files: {} })).rejects.toMatchObject({ code: 'usage.entrypoint' });
    const missing = reachOf({ config: { entrypoint: ['/x'] }, files: {} });
    await expect(missing).rejects.toBeInstanceOf(CinzelError);
    await expect(missing).rejects.toMatchObject({ code: 'environment.not-found', exitCode: 3 });
  });

  it('keeps every link on the way, and resolves them inside the image', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/bin/server'] },
      files: {
        '/bin': { link: 'usr/bin' },
        '/usr/bin/server': { link: '/../../etc/alternatives/server' },
        '/etc/alternatives/server': { link: '../../opt/server' },
        '/opt/server': program,
      },
    });
    expect([...graph.nodes.keys()]).toEqual(expect.arrayContaining(['/bin', '/usr/bin/server', '/opt/server']));
    expect(graph.nodes.get('/opt/server')?.reasons[0].via).toEqual([
      '/bin',
      '/usr/bin/server',
      '/etc/alternatives/server',
    ]);
  });

  it('follows a chain of interpreters and wrappers to what they run', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['tini', '-g', '--', 'env', 'A=1', '/run.sh'] },
      files: {
        '/usr/bin/tini': program,
        '/usr/bin/env': program,
        '/run.sh': { mode: 0o755, content: '#!/usr/bin/env -S tool --flag\n' },
        '/usr/bin/tool': program,
      },
    });
    expect(reachedFiles(graph)).toEqual(['/run.sh', '/usr/bin/env', '/usr/bin/tini', '/usr/bin/tool']);
  });

  it('follows libraries, what is opened by name and what constant data name', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/app'] },
      files: {
        '/app': elf({
          interpreter: '/lib64/ld-linux-x86-64.so.2',
          needed: ['liba.so.1', 'libgone.so'],
          texts: [
            'libplugin.so.2',
            '/etc/app.conf',
            '/bin/sh',
            '/usr/lib/app',
            '/etc/none',
            '/usr/src/main.go',
            'noise',
          ],
        }),
        '/lib64/ld-linux-x86-64.so.2': elf(),
        '/usr/lib/liba.so.1': elf({ needed: ['libb.so'] }),
        '/usr/lib/libb.so': elf(),
        '/usr/lib/libplugin.so.2': elf({ needed: ['libb.so', 'libz.so'] }),
        '/usr/lib/libz.so': elf(),
        '/usr/lib/app/one.so': elf(),
        '/usr/lib/app/one.txt': '',
        '/etc/app.conf': '',
        '/usr/src/main.go': '',
        '/bin/sh': elf(),
      },
    });
    expect(reachedFiles(graph)).toEqual([
      '/app',
      '/etc/app.conf',
      '/lib64/ld-linux-x86-64.so.2',
      '/usr/lib/app/one.so',
      '/usr/lib/app/one.txt',
      '/usr/lib/liba.so.1',
      '/usr/lib/libb.so',
      '/usr/lib/libplugin.so.2',
      '/usr/lib/libz.so',
    ]);
    expect(graph.missing).toEqual([{ path: 'libgone.so', kind: 'needed', from: '/app' }]);
    expect(graph.notKept).toEqual([{ path: '/app', program: '/bin/sh' }]);
  });

  it('finds paths that texts of Go and Rust begin with, which nothing ends', async () => {
    const packed =
      'RUST_BACKTRACE/etc/app/config.tomlinvalid argument/usr/share/zoneinfo/Zulu/etc/hostnamex/usr/bin/tool/bin/shut' +
      '/opt/none/usr/lib/rs/main.rs/var/spool/etc/ssl/certs/a.pem';
    const files = {
      '/usr/bin/server': elf({ texts: [packed] }),
      '/etc/app/config.toml': '',
      '/usr/share/zoneinfo/Europe/Lisbon': '',
      '/usr/share/zoneinfo/Zulu': '',
      '/etc/hostname': '',
      '/usr/bin/tool': program,
      '/etc/ssl/certs/a.pem': '',
      '/etc/ssl/certs/b.pem': '',
    };
    const more = {
      '/etc/app/other.toml': '',
      '/etc/host': '',
      '/bin/sh': program,
      '/usr/lib/rs/main.rs': '',
      '/var/spool/mail': '',
    };
    const graph = await reachOf({ config: { entrypoint: ['/usr/bin/server'] }, files: { ...files, ...more } });
    expect(reachedFiles(graph)).toEqual(Object.keys(files).sort());
  });

  it('takes a library for names of hosts outside ASCII for needed where a program asks for it', async () => {
    const library = '/usr/lib/x86_64-linux-gnu/libidn2.so.0';
    const files = {
      '/app': elf({ needed: ['libc.so.6'], texts: ['/usr/bin/getent'], interpreter: '/lib/ld.so' }),
      '/lib/ld.so': elf(),
      '/usr/lib/x86_64-linux-gnu/libc.so.6': elf({ texts: ['libidn2.so.0'] }),
      [library]: elf(),
    };
    const config = { entrypoint: ['/app'] };
    expect(reachedFiles(await reachOf({ config, files }))).not.toContain(library);
    const asking = { ...files, '/usr/bin/getent': program };
    expect(reachedFiles(await reachOf({ config, files: asking }))).toContain(library);
  });

  it('adds data by rule: name service modules, accounts, zones', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/app'] },
      files: {
        '/app': elf({ needed: ['libc.so.6'] }),
        '/lib/libc.so.6': elf(),
        '/lib/libnss_sss.so.2': elf(),
        '/lib/libnss_nis.so.2': elf(),
        '/etc/nsswitch.conf': 'passwd: files sss [NOTFOUND=return]\n# hosts: nis\n',
        '/etc/passwd': '',
        '/usr/share/zoneinfo/America/Sao_Paulo': '',
        '/etc/shadow': '',
      },
    });
    const files = reachedFiles(graph);
    expect(files).toContain('/lib/libnss_sss.so.2');
    expect(files).toContain('/usr/share/zoneinfo/America/Sao_Paulo');
    expect(files).toContain('/etc/passwd');
    expect(files).not.toContain('/lib/libnss_nis.so.2');
    expect(files).not.toContain('/etc/shadow');
  });

  it('keeps what labels and the user ask for', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/app'], labels: { 'cinzel.keep': '/data/*.txt' } },
      files: { '/app': program, '/data/a.txt': '', '/data/b.bin': '', '/opt/x/deep/file': '' },
      keep: ['/opt/x'],
    });
    expect(reachedFiles(graph)).toEqual(['/app', '/data/a.txt', '/opt/x/deep/file']);
  });

  it('says what it does not follow', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['lua', '/srv/main.lua'] },
      files: { '/usr/bin/lua': program, '/srv/main.lua': '' },
    });
    expect(graph.undecided).toEqual([{ path: '/usr/bin/lua', problem: 'language', detail: '/usr/bin/lua' }]);
  });

  it('keeps all modules of a language that it does not follow, and what that starts itself with', async () => {
    const modules = {
      '/usr/lib/x86_64-linux-gnu/lua/5.4/cjson.so': '',
      '/usr/share/lua/5.4/socket.lua': '',
      '/usr/local/share/lua/own.lua': '',
    };
    const lua = await reachOf({
      config: { entrypoint: ['/srv/main.lua'] },
      files: {
        '/srv/main.lua': { content: '#!/usr/bin/lua5.4\n', mode: 0o755 },
        '/usr/bin/lua5.4': program,
        ...modules,
        '/usr/share/luarocks/x.lua': '',
        '/usr/share/perl5/x.pm': '',
      },
    });
    expect(reachedFiles(lua)).toEqual([...Object.keys(modules), '/srv/main.lua', '/usr/bin/lua5.4'].sort());
    const r = await reachOf({
      config: { entrypoint: ['Rscript', '/srv/main.R'] },
      files: {
        '/srv/main.R': '',
        '/usr/bin/Rscript': program,
        '/usr/lib/R/bin/R': { content: '#!/bin/sh\nexec uname\n', mode: 0o755 },
        '/usr/lib/R/library/base/R/base.rdb': '',
        '/bin/sh': program,
        '/usr/bin/uname': program,
      },
    });
    expect(reachedFiles(r)).toEqual(expect.arrayContaining(['/usr/lib/R/bin/R', '/bin/sh', '/usr/bin/uname']));
    expect(reachedFiles(r)).toContain('/usr/lib/R/library/base/R/base.rdb');
  });

  it('keeps the folder of an interpreter that nobody knows', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/srv/main'] },
      files: {
        '/srv/main': { content: '#!/opt/newlang-1.2/bin/newlang\n', mode: 0o755 },
        '/opt/newlang-1.2/bin/newlang': program,
        '/opt/newlang-1.2/modules/x': '',
        '/opt/other/x': '',
      },
    });
    expect(reachedFiles(graph)).toEqual(['/opt/newlang-1.2/bin/newlang', '/opt/newlang-1.2/modules/x', '/srv/main']);
    expect(graph.undecided).toMatchObject([{ problem: 'language' }]);
  });

  it('survives damaged files and links that run in circles', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/app', '/loop', '/a'] },
      files: {
        '/app': { mode: 0o755, content: makeElf({ needed: ['x'] }).subarray(0, 100) },
        '/loop': { link: '/loop' },
        '/a': { link: '/b' },
        '/b': { link: '/a' },
      },
    });
    expect(graph.undecided).toEqual([{ path: '/app', problem: 'unreadable', detail: 'ELF' }]);
  });
});

describe('chainTo and tiesTo', () => {
  it('tell the shortest way and what it hangs on', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['/app'] },
      files: {
        '/app': elf({ needed: ['liba.so', 'libb.so'] }),
        '/usr/lib/liba.so': elf({ needed: ['libz.so'] }),
        '/usr/lib/libb.so': elf({ needed: ['libz.so'] }),
        '/usr/lib/libz.so': elf({ needed: ['libd.so'] }),
        '/usr/lib/libd.so': elf(),
      },
    });
    const node = graph.nodes.get('/usr/lib/libd.so');
    if (node === undefined) throw new Error('not reached');
    expect(chainTo(graph, node).map(({ path }) => path)).toEqual([
      '/app',
      '/usr/lib/liba.so',
      '/usr/lib/libz.so',
      '/usr/lib/libd.so',
    ]);
    expect(tiesTo(graph, node)).toEqual(['/app', '/usr/lib/libz.so']);
  });
});
