import { describe, expect, it } from 'vitest';
import type { MemoryEntry } from '../../inventory/testing/memory-filesystem.ts';
import { program, reachedFiles, reachOf } from '../testing/reach-of.ts';
import { sampleAssembly } from '../testing/sample-assembly.ts';
import { rollForward } from './roll-forward.ts';

type Files = Readonly<Record<string, MemoryEntry>>;

const config = (frameworks: Readonly<Record<string, string>>, more: object = {}): string =>
  JSON.stringify({
    runtimeOptions: {
      frameworks: Object.entries(frameworks).map(([name, version]) => ({ name, version })),
      ...more,
    },
  });

const shared = '/usr/share/dotnet/shared';
const installation: Files = {
  '/usr/bin/dotnet': { link: '/usr/share/dotnet/dotnet' },
  '/usr/share/dotnet/dotnet': program,
  '/usr/share/dotnet/host/fxr/6.0.36/libhostfxr.so': '',
  '/usr/share/dotnet/host/fxr/8.0.10/libhostfxr.so': '',
  '/usr/share/dotnet/host/fxr/8.0.2/libhostfxr.so': '',
  [`${shared}/Microsoft.NETCore.App/6.0.36/System.Runtime.dll`]: '',
  [`${shared}/Microsoft.NETCore.App/8.0.10/System.Runtime.dll`]: '',
  [`${shared}/Microsoft.NETCore.App/8.0.10/libcoreclr.so`]: '',
  [`${shared}/Microsoft.NETCore.App/8.0.10/libmscordbi.so`]: '',
  [`${shared}/Microsoft.NETCore.App/8.0.2/System.Runtime.dll`]: '',
  [`${shared}/Microsoft.AspNetCore.App/8.0.10/Microsoft.AspNetCore.dll`]: '',
  [`${shared}/Microsoft.AspNetCore.App/8.0.10/Microsoft.AspNetCore.App.runtimeconfig.json`]: config({
    'Microsoft.NETCore.App': '8.0.10',
  }),
  '/usr/share/dotnet/sdk/8.0.403/dotnet.dll': '',
  '/usr/lib/libicuuc.so.72': '',
  '/usr/lib/libsqlite3.so': '',
  '/usr/lib/libother.so': '',
  '/etc/sample/settings.json': '{}',
};
/** Every file is a package's, but those of the application. */
const owned = Object.keys(installation);
const host = ['/usr/share/dotnet/dotnet', '/usr/share/dotnet/host/fxr/8.0.10/libhostfxr.so'];
const core = ['System.Runtime.dll', 'libcoreclr.so'].map((name) => `${shared}/Microsoft.NETCore.App/8.0.10/${name}`);

async function reached(argv: readonly string[], files: Files, env: readonly string[] = []): Promise<readonly string[]> {
  const all = { ...installation, ...files };
  const graph = await reachOf({ config: { entrypoint: argv, workingDir: '/app', env }, files: all, owned });
  // The executable of these tests is a program in name only.
  expect(graph.undecided.filter(({ detail }) => detail !== 'ELF')).toEqual([]);
  return reachedFiles(graph).filter((path) => !path.startsWith('/app/'));
}

describe('an application of .NET', () => {
  const app = {
    '/app/app.dll': sampleAssembly,
    '/app/app.runtimeconfig.json': config({ 'Microsoft.NETCore.App': '8.0.0' }),
    '/app/app.deps.json': '{"targets":{".NETCoreApp,Version=v8.0":{"app/1.0.0":{"runtime":{"app.dll":{}}}}}}',
  };

  it('needs the newest host, its framework, ICU, and what its code names', async () => {
    const named = ['/etc/sample/settings.json', '/usr/lib/libicuuc.so.72', '/usr/lib/libsqlite3.so'];
    expect(await reached(['dotnet', 'app.dll'], app)).toEqual([...named, ...core, ...host].sort());
    expect(await reached(['dotnet', 'exec', '--fx-version', '8.0.2', '/app/app.dll', '--port', '80'], app)).toEqual(
      [...named, ...core, ...host].sort(),
    );
  });

  it('needs the framework below its own, and no ICU when it is invariant', async () => {
    const settings = config(
      { 'Microsoft.AspNetCore.App': '8.0.0' },
      { configProperties: { 'System.Globalization.Invariant': true } },
    );
    const found = await reached(['dotnet', 'app.dll'], { ...app, '/app/app.runtimeconfig.json': settings });
    expect(found).toEqual(
      expect.arrayContaining([...core, `${shared}/Microsoft.AspNetCore.App/8.0.10/Microsoft.AspNetCore.dll`]),
    );
    expect(found.filter((path) => path.includes('icu'))).toEqual([]);
    expect(await reached(['dotnet', 'app.dll'], app, ['DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1'])).not.toContain(
      '/usr/lib/libicuuc.so.72',
    );
  });

  it('is found by its own executable, which finds the installation', async () => {
    const files = { ...app, '/app/app': { mode: 0o755, content: '\u007fELF' } };
    expect(await reached(['/app/app'], files)).toEqual(expect.arrayContaining([...core, host[1]]));
    const moved = {
      ...files,
      '/etc/dotnet/install_location': '/opt/net\n',
      '/opt/net/host/fxr/8.0.1/libhostfxr.so': '',
      '/opt/net/shared/Microsoft.NETCore.App/8.0.1/System.Runtime.dll': '',
    };
    const found = await reached(['/app/app'], moved);
    expect(found).toEqual(
      expect.arrayContaining(
        Object.keys(moved).filter((path) => path.startsWith('/opt') || path.startsWith('/etc/dotnet')),
      ),
    );
    expect(found).not.toContain(core[0]);
  });

  it('that brings its runtime needs no installation', async () => {
    const files = {
      '/app/app': { mode: 0o755, content: '\u007fELF' },
      '/app/app.dll': '',
      '/app/app.runtimeconfig.json':
        '{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"8.0.1"}]}}',
      '/app/libhostfxr.so': '',
      '/app/System.Runtime.dll': '',
    };
    expect(await reached(['/app/app'], files)).toEqual(['/usr/lib/libicuuc.so.72']);
  });

  it('of which the settings cannot be read keeps every framework, and that is said', async () => {
    const files = { ...installation, '/app/app.dll': '', '/app/app.runtimeconfig.json': '{' };
    const graph = await reachOf({ config: { entrypoint: ['dotnet', '/app/app.dll'] }, files, owned });
    expect(reachedFiles(graph)).toContain(`${shared}/Microsoft.NETCore.App/6.0.36/System.Runtime.dll`);
    expect(graph.undecided).toMatchObject([{ problem: 'unreadable', detail: '/app/app.runtimeconfig.json' }]);
  });

  it('that is built when it starts keeps the SDK, and that is said', async () => {
    const graph = await reachOf({
      config: { entrypoint: ['dotnet', 'run'], workingDir: '/app' },
      files: installation,
      owned,
    });
    expect(reachedFiles(graph)).toContain('/usr/share/dotnet/sdk/8.0.403/dotnet.dll');
    expect(graph.undecided).toMatchObject([{ problem: 'language' }]);
  });
});

describe('a framework', () => {
  const folder = `${shared}/Microsoft.NETCore.App/8.0.10`;
  const list = { native: { 'runtimes/linux-x64/native/libmscordbi.so': {} } };

  it('keeps what is for developers where its list names it, since the host looks', async () => {
    const files = {
      '/app/app.dll': '',
      '/app/app.runtimeconfig.json': config({ 'Microsoft.NETCore.App': '8.0.0' }),
      [`${folder}/System.Native.a`]: '',
      [`${folder}/Microsoft.NETCore.App.deps.json`]: JSON.stringify({ targets: { net: { core: list } } }),
    };
    const found = await reached(['dotnet', 'app.dll'], files);
    expect(found).toContain(`${folder}/libmscordbi.so`);
    expect(found).not.toContain(`${folder}/System.Native.a`);
  });
});

describe('the version of a framework', () => {
  const there = ['6.0.1', '8.0.1', '8.0.10', '8.1.0', '8.2.3', '9.0.0', '10.0.0-rc.1'];
  it.each([
    ['8.0.0', 'Minor', '8.0.10'],
    ['8.0.0', 'LatestPatch', '8.0.10'],
    ['7.0.0', 'Minor', undefined],
    ['7.0.0', 'Major', '8.0.10'],
    ['8.0.0', 'LatestMinor', '8.2.3'],
    ['8.0.0', 'latestmajor', '9.0.0'],
    ['8.0.1', 'Disable', '8.0.1'],
    ['8.0.2', 'Disable', undefined],
    ['10.0.0-preview.1', 'Minor', '10.0.0-rc.1'],
    ['8.0.11', 'Minor', '8.1.0'],
    ['8.0.11', 'LatestPatch', undefined],
  ])('for %s by %s is %s', (wanted, policy, chosen) => {
    expect(rollForward(wanted, there, policy)).toBe(chosen);
  });
});
