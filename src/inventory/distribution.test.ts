import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../core/diagnostics.ts';
import { findDistribution } from './distribution.ts';
import type { Distribution } from './model.ts';
import { type MemoryLayer, memoryFilesystem } from './testing/memory-filesystem.ts';

async function find(...layers: readonly MemoryLayer[]): Promise<{
  readonly distribution: Distribution | undefined;
  readonly diagnostics: readonly Diagnostic[];
}> {
  const diagnostics: Diagnostic[] = [];
  const distribution = await findDistribution(memoryFilesystem(...layers), (diagnostic) =>
    diagnostics.push(diagnostic),
  );
  return { distribution, diagnostics };
}

const bookworm = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`;

describe('findDistribution', () => {
  it('follows the link that /etc/os-release usually is', async () => {
    const { distribution } = await find(
      { '/etc/os-release': { link: '../usr/lib/os-release' } },
      { '/usr/lib/os-release': bookworm },
    );
    expect(distribution).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
      idLike: [],
      evidence: { path: '/usr/lib/os-release', layer: 1 },
    });
  });

  it.each<[string, MemoryLayer, Partial<Distribution>]>([
    [
      'quotes of both kinds and several ID_LIKE',
      {
        '/etc/os-release': `ID='Rocky'\nVERSION_ID="9.3"\nID_LIKE="rhel centos fedora"\nPRETTY_NAME="a \\"b\\" \\$c"\n`,
      },
      { id: 'rocky', versionId: '9.3', idLike: ['rhel', 'centos', 'fedora'], prettyName: 'a "b" $c' },
    ],
    [
      'os-release only below usr/lib',
      { '/usr/lib/os-release': 'ID=wolfi\nVERSION_ID=20230201\n' },
      { id: 'wolfi', versionId: '20230201' },
    ],
    [
      'Debian testing, which has no version',
      { '/etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\nPRETTY_NAME="Debian GNU/Linux trixie/sid"\n' },
      { id: 'debian', versionId: '13', codename: 'trixie' },
    ],
    [
      'an older Debian testing, which has its codename in its pretty name only',
      { '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian GNU/Linux bookworm/sid"\n' },
      { id: 'debian', versionId: '12', codename: 'bookworm' },
    ],
    [
      'a Debian codename that is not known yet',
      { '/etc/debian_version': 'zurg/sid\n' },
      { id: 'debian', codename: 'zurg' },
    ],
    [
      'only debian_version',
      { '/etc/debian_version': '12.5\n' },
      { id: 'debian', versionId: '12', codename: 'bookworm' },
    ],
    ['only alpine-release', { '/etc/alpine-release': '3.19.1\n' }, { id: 'alpine', versionId: '3.19.1' }],
    [
      'lsb-release rather than the debian_version beside it',
      {
        '/etc/lsb-release': 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\n',
        '/etc/debian_version': 'bookworm/sid\n',
      },
      { id: 'ubuntu', versionId: '22.04', codename: 'jammy', idLike: ['debian'] },
    ],
    [
      'only redhat-release',
      { '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)\n' },
      { id: 'centos', versionId: '7.9.2009' },
    ],
    [
      'only system-release',
      { '/etc/system-release': 'Amazon Linux release 2 (Karoo)\n' },
      { id: 'amzn', versionId: '2' },
    ],
    [
      'an os-release without ID beside an older file',
      { '/etc/os-release': 'NAME=nothing\n', '/etc/alpine-release': '3.20.0' },
      { id: 'alpine', versionId: '3.20.0' },
    ],
  ])('reads %s', async (_what, layer, expected) => {
    expect((await find(layer)).distribution).toMatchObject(expected);
  });

  it.each<[string, MemoryLayer]>([
    ['nothing', {}],
    ['an empty file', { '/etc/os-release': '' }],
    ['control characters for an id', { '/etc/os-release': 'ID="\u001b[31m"\n' }],
    ['a link to itself', { '/etc/os-release': { link: 'os-release' } }],
    ['random bytes', { '/etc/os-release': Uint8Array.from({ length: 999 }, (_, index) => (index * 197) % 256) }],
  ])('finds none in %s', async (_what, layer) => {
    expect((await find(layer)).distribution).toBeUndefined();
  });

  it('does not read a file of 100 MB, says so, and asks the next one', async () => {
    const { distribution, diagnostics } = await find({
      '/etc/os-release': new Uint8Array(100_000_000),
      '/etc/debian_version': '12.1\n',
    });
    expect(distribution).toMatchObject({ id: 'debian', versionId: '12' });
    expect(diagnostics).toEqual([
      {
        code: 'file.too-large',
        severity: 'warning',
        parameters: { size: 100_000_000, limit: 65_536 },
        path: '/etc/os-release',
        layer: 0,
      },
    ]);
  });
});
