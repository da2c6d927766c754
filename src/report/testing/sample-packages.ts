import type { Evidence, Fate, Package, PackageType } from '../../inventory/model.ts';

/** Names that try to break out of a terminal, Markdown, XML or HTML. */
export const hostileNames = {
  ansi: 'red\u001b[31m\u001b]0;title\u0007\u0008',
  markup: '</td><script>alert(1)</script><img src=x onerror=alert(1)>',
  markdown: 'a|b`c`[x](javascript:alert(1))*d*_e_<!-- @everyone',
  bidi: 'abc\u202Egnp.exe\u2066',
  wide: '图像处理包-画像処理ライブラリ',
  emoji: 'rocket-👩‍🚀-e\u0301',
  long: `very-${'long-'.repeat(60)}name`,
  bytes: '/opt/caf\uDCE9/METADATA',
  lines: 'first\r\nsecond\n::error::third\u2028fourth',
} as const;

interface Parts extends Partial<Omit<Package, 'id' | 'evidence' | 'layer'>> {
  readonly path?: string;
}

function describe(type: PackageType, name: string, version: string, layer: number, parts: Parts): Package {
  const { path = '/', ...rest } = parts;
  const evidence: Evidence = { path, layer, cataloger: catalogers[type] ?? type };
  const architecture = rest.architecture === undefined ? '' : `:${rest.architecture}`;
  const fate: Fate = { kind: 'present' };
  return {
    id: `${type}/${name}@${version}${architecture}${type === 'deb' ? '' : `#${path}`}`,
    type,
    name,
    version,
    purl: `pkg:${type}/${encodeURIComponent(name).replaceAll('%2F', '/')}@${encodeURIComponent(version)}`,
    licenses: [],
    layer,
    evidence: [evidence],
    fate,
    ...rest,
  };
}

const catalogers: Partial<Record<PackageType, string>> = { deb: 'dpkg', npm: 'node-modules', pypi: 'python' };

function deb(name: string, version: string, layer: number, parts: Parts = {}): Package {
  const epochless = version.replace(/^\d+:/, '');
  const epoch = version === epochless ? '' : `&epoch=${version.slice(0, version.indexOf(':'))}`;
  return describe('deb', name, version, layer, {
    path: '/var/lib/dpkg/status',
    architecture: 'amd64',
    purl: `pkg:deb/debian/${name}@${epochless.replaceAll('+', '%2B')}?arch=amd64&distro=debian-12${epoch}`,
    source: { name, version },
    ...parts,
  });
}

function npm(name: string, version: string, layer: number, parts: Parts = {}): Package {
  return describe('npm', name, version, layer, {
    path: `/app/node_modules/${name}/package.json`,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: ['MIT'],
    ...parts,
  });
}

function pypi(name: string, version: string, layer: number, parts: Parts = {}): Package {
  const path = `/usr/local/lib/python3.11/site-packages/${name}-${version}.dist-info/METADATA`;
  return describe('pypi', name, version, layer, { path, purl: `pkg:pypi/${name.toLowerCase()}@${version}`, ...parts });
}

const curl = { name: 'curl', version: '7.88.1-10+deb12u5' };
const openssl = { name: 'openssl', version: '3.0.11-1~deb12u2' };

/** Packages of a Debian image with a Node and a Python application; in no particular order. */
export const samplePackages: readonly Package[] = [
  deb('apt', '2.6.1', 0, { licenses: ['GPL-2.0-or-later'], installedSize: 4_232_192 }),
  deb('bash', '5.2.15-2+b2', 0, { source: { name: 'bash', version: '5.2.15-2' }, licenses: ['GPL-3.0-or-later'] }),
  deb('coreutils', '9.1-1', 0, { licenses: ['GPL-3.0-or-later'], installedSize: 18_062_336 }),
  deb('dpkg', '1.21.22', 0, { licenses: ['GPL-2.0-or-later', 'LicenseRef-public-domain-md5'] }),
  deb('libc6', '2.36-9+deb12u3', 0, {
    source: { name: 'glibc', version: '2.36-9+deb12u3' },
    licenses: ['LGPL-2.1-or-later', 'GPL-2.0-or-later WITH Classpath-exception-2.0'],
    dependsOn: [],
    installedSize: 12_988_416,
    homepage: 'https://www.gnu.org/software/libc/libc.html',
    maintainer: 'GNU Libc Maintainers <glibc@example.com>',
    summary: 'GNU C Library: Shared libraries',
  }),
  deb('zlib1g', '1:1.2.13.dfsg-1', 0, {
    source: { name: 'zlib', version: '1:1.2.13.dfsg-1' },
    licenses: ['Zlib'],
    dependsOn: ['deb/libc6@2.36-9+deb12u3:amd64'],
  }),
  deb('perl-base', '5.36.0-7+deb12u1', 0, {
    source: { name: 'perl', version: '5.36.0-7+deb12u1' },
    licenses: ['Artistic-1.0-Perl OR GPL-1.0-or-later'],
  }),
  deb('passwd', '1:4.13+dfsg1-1+b1', 0, { source: { name: 'shadow', version: '1:4.13+dfsg1-1' } }),
  deb('curl', curl.version, 1, { licenses: ['curl'], dependsOn: [`deb/libcurl4@${curl.version}:amd64`] }),
  deb('libcurl4', curl.version, 1, {
    source: curl,
    licenses: ['curl'],
    dependsOn: ['deb/libssl3@3.0.11-1~deb12u2:amd64', 'deb/zlib1g@1:1.2.13.dfsg-1:amd64'],
  }),
  deb('libcurl3-gnutls', curl.version, 1, { source: curl, licenses: ['curl'] }),
  deb('git', '1:2.39.2-1.1', 1, { licenses: ['GPL-2.0-only'], state: 'hold' }),
  deb('libssl3', openssl.version, 1, { source: openssl, licenses: ['Apache-2.0'] }),
  deb('openssl', openssl.version, 1, {
    source: openssl,
    licenses: ['Apache-2.0'],
    dependsOn: [`deb/libssl3@${openssl.version}:amd64`],
  }),
  deb('linux-libc-dev', '6.1.66-1', 1, { source: { name: 'linux', version: '6.1.66-1' } }),
  deb('python3-yaml', '6.0-3+b2', 1, { source: { name: 'pyyaml', version: '6.0-3' }, licenses: ['MIT'] }),
  deb('fd-find', '8.6.0-3', 1, {
    source: { name: 'rust-fd-find', version: '8.6.0-3' },
    builtUsing: [{ name: 'rustc', version: '1.63.0+dfsg1-2' }],
  }),
  pypi('PyYAML', '6.0', 1, {
    path: '/usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO',
    ownedBy: 'deb/python3-yaml@6.0-3+b2:amd64',
    licenses: ['MIT'],
  }),
  npm('express', '4.18.1', 4, { dependsOn: ['npm/minimist@1.2.5#/app/node_modules/minimist/package.json'] }),
  npm('lodash', '4.17.20', 4, { origin: 'https://example.com/lodash/-/lodash-4.17.20.tgz' }),
  npm('minimist', '1.2.5', 4),
  npm('@example/scoped', '1.0.0-rc.1', 4, { licenses: ['(MIT OR Apache-2.0)'] }),
  npm(hostileNames.ansi, '1.0.0', 5, { purl: 'pkg:npm/red%1B%5B31m@1.0.0' }),
  npm(hostileNames.markup, '1.0.0"><b>', 5, { licenses: ['LicenseRef-<b>'], purl: 'pkg:npm/%3C%2Ftd%3E@1.0.0' }),
  npm(hostileNames.markdown, '2.0.0|x', 5, { licenses: ['LicenseRef-a b/c'], purl: 'pkg:npm/a%7Cb@2.0.0' }),
  npm(hostileNames.bidi, '1.0.0', 5, { purl: 'pkg:npm/abc@1.0.0' }),
  npm(hostileNames.lines, '3.0.0', 5, { purl: 'pkg:npm/first%0Asecond@3.0.0' }),
  npm(hostileNames.long, '10.20.30-alpha.beta.gamma.delta.1+build.1234567890', 5),
  pypi('Django', '4.2.1', 6, { licenses: ['BSD-3-Clause'], summary: 'A high-level web framework' }),
  pypi('requests', '2.28.1', 6, { path: hostileNames.bytes, licenses: ['Apache-2.0'] }),
  pypi(hostileNames.wide, '0.9', 6, { purl: 'pkg:pypi/%E5%9B%BE@0.9' }),
  pypi(hostileNames.emoji, '0.1', 6, { purl: 'pkg:pypi/rocket@0.1' }),
  describe('golang', 'golang.org/x/net', 'v0.7.0', 5, {
    path: '/app/bin/helper',
    purl: 'pkg:golang/golang.org/x/net@v0.7.0',
    licenses: ['BSD-3-Clause'],
  }),
  describe('generic', 'in-house-tool', '7', 5, { path: '/app/bin/tool', purl: 'pkg:generic/in-house-tool@7' }),
];

/** What only earlier layers of the sample image have. */
export const sampleHistory: readonly Package[] = [
  deb('libssl3', '3.0.9-1', 0, {
    source: { name: 'openssl', version: '3.0.9-1' },
    licenses: ['Apache-2.0'],
    fate: { kind: 'upgraded', layer: 1 },
  }),
  deb('wget', '1.21.3-1+b2', 0, { source: { name: 'wget', version: '1.21.3-1' }, fate: { kind: 'removed', layer: 1 } }),
];
