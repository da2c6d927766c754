import { describe, expect, it } from 'vitest';
import type { Advisory } from '../advisories/model.ts';
import { sampleAdvisory, sampleAffected } from '../advisories/testing/sample-advisory.ts';
import type { UpdateOutcome } from '../advisories/update.ts';
import type { Diagnostic } from '../core/diagnostics.ts';
import type { Distribution, Package } from '../inventory/model.ts';
import { findVulnerabilities } from './find-vulnerabilities.ts';
import type { Finding } from './model.ts';
import { samplePackage, sampleStore } from './testing/samples.ts';

const debian: Distribution = {
  id: 'debian',
  versionId: '12',
  idLike: [],
  evidence: { path: '/etc/os-release', layer: 0 },
};

function find(
  packages: readonly Package[],
  advisories: readonly Advisory[],
  distribution?: Distribution,
): readonly Finding[] {
  const inventory = { packages, ...(distribution && { distribution }) };
  return findVulnerabilities(inventory, sampleStore(...advisories), { report: () => {} }).findings;
}

/** `id [aliases]`, in order. */
function names(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ id, aliases }) => `${id} [${aliases.join(' ')}]`);
}

describe('parallel records', () => {
  const demo = samplePackage('pypi', 'demo', '1');

  it.each<[string, readonly Advisory[], readonly string[]]>([
    [
      'that share a CVE are one finding',
      [
        sampleAdvisory('GHSA-1', { aliases: ['CVE-2024-0001'] }),
        sampleAdvisory('PYSEC-1', { aliases: ['CVE-2024-0001'] }),
      ],
      ['CVE-2024-0001 [GHSA-1 PYSEC-1]'],
    ],
    [
      'that are linked only through another are one finding',
      [
        sampleAdvisory('PYSEC-1', { aliases: ['GHSA-1'] }),
        sampleAdvisory('SNYK-1', { aliases: ['PYSEC-1'] }),
        sampleAdvisory('GHSA-1', { aliases: ['CVE-2024-0001'] }),
      ],
      ['CVE-2024-0001 [GHSA-1 PYSEC-1 SNYK-1]'],
    ],
    [
      'that name several CVEs give one finding each, and do not merge them',
      [
        sampleAdvisory('GO-1', { aliases: ['CVE-2024-0001', 'CVE-2024-0002', 'GHSA-1', 'GHSA-2'] }),
        sampleAdvisory('GHSA-2', { aliases: ['CVE-2024-0002'] }),
      ],
      ['CVE-2024-0001 [GO-1]', 'CVE-2024-0002 [GHSA-2 GO-1]'],
    ],
    [
      'that pass on several CVEs give one finding each',
      [sampleAdvisory('DLA-1', { upstream: ['CVE-2024-0002', 'CVE-2024-0001'] })],
      ['CVE-2024-0001 [DLA-1]', 'CVE-2024-0002 [DLA-1]'],
    ],
    [
      'that pass on the same id that is no CVE stay apart',
      [sampleAdvisory('DLA-1', { upstream: ['X-1'] }), sampleAdvisory('DLA-2', { upstream: ['X-1'] })],
      ['DLA-1 []', 'DLA-2 []'],
    ],
    [
      'without a CVE are named by GHSA, then by distribution, then by any id',
      [
        sampleAdvisory('AAA-1', { aliases: ['GHSA-1', 'DSA-1'] }),
        sampleAdvisory('AAB-1', { aliases: ['DSA-2'] }),
        sampleAdvisory('AAC-1', { aliases: ['ZZZ-1'] }),
      ],
      ['AAC-1 [ZZZ-1]', 'DSA-2 [AAB-1]', 'GHSA-1 [AAA-1 DSA-1]'],
    ],
    [
      'that lead to two CVEs belong to both, with their own ids alone',
      [
        sampleAdvisory('PYSEC-1', { aliases: ['GHSA-1', 'GHSA-2'] }),
        sampleAdvisory('GHSA-1', { aliases: ['CVE-2024-0001'] }),
        sampleAdvisory('GHSA-2', { aliases: ['CVE-2024-0002'] }),
      ],
      ['CVE-2024-0001 [GHSA-1 PYSEC-1]', 'CVE-2024-0002 [GHSA-2 PYSEC-1]'],
    ],
    [
      'whose id is the CVE keep it',
      [sampleAdvisory('CVE-2024-0001', { aliases: ['GHSA-1'] })],
      ['CVE-2024-0001 [GHSA-1]'],
    ],
  ])('%s', (_name, advisories, expected) => {
    expect(names(find([demo], advisories))).toEqual(expected);
    expect(names(find([demo], advisories.toReversed()))).toEqual(expected);
  });

  it('are all named as sources', () => {
    const [finding] = find(
      [demo],
      [
        sampleAdvisory('PYSEC-1', { aliases: ['CVE-2024-0001'], summary: 'Bad', published: '2024-02-01T00:00:00Z' }),
        sampleAdvisory('GHSA-1', { aliases: ['CVE-2024-0001'], published: '2024-01-01T00:00:00Z', feed: 'other' }),
      ],
    );
    expect(finding).toMatchObject({
      summary: 'Bad',
      published: '2024-01-01T00:00:00Z',
      sources: [
        { feed: 'other', id: 'GHSA-1', url: 'https://osv.dev/vulnerability/GHSA-1' },
        { feed: 'osv', id: 'PYSEC-1', url: 'https://osv.dev/vulnerability/PYSEC-1' },
      ],
    });
  });
});

describe('a package', () => {
  it('of dpkg is matched by its source and the version of that', () => {
    const source = { name: 'openssl', version: '3.0.1-1' };
    const packages = ['libssl3', 'openssl'].map((name) => samplePackage('deb', name, '3.0.1-1+b1', { source }));
    const advisory = sampleAdvisory('DSA-1', {
      aliases: ['CVE-2024-0001'],
      affected: [sampleAffected('Debian:12', 'openssl', '3.0.1-2'), sampleAffected('Debian:11', 'openssl', '9')],
    });
    const findings = find(packages, [advisory], debian);
    expect(findings).toMatchObject([
      { packageId: 'deb/libssl3@3.0.1-1+b1', installedVersion: '3.0.1-1+b1' },
      { packageId: 'deb/openssl@3.0.1-1+b1', installedVersion: '3.0.1-1+b1' },
    ]);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        id: 'CVE-2024-0001',
        group: 'deb/openssl@3.0.1-1',
        fix: { state: 'fixed', version: '3.0.1-2' },
        match: { rule: 'source', comparedVersion: '3.0.1-1', range: [{ introduced: '0' }, { fixed: '3.0.1-2' }] },
        verdict: { kind: 'open' },
      });
    }
  });

  it('is found under the normal form of its name', () => {
    const advisories = ['PyPI', 'Packagist', 'NuGet'].map((ecosystem, index) =>
      sampleAdvisory(`A-${index}`, { affected: [sampleAffected(ecosystem, 'some-name')] }),
    );
    const packages = [
      samplePackage('pypi', 'Some_.name', '1'),
      samplePackage('composer', 'Some-Name', '1'),
      samplePackage('nuget', 'SOME-name', '1'),
      samplePackage('npm', 'some-name', '1'),
    ];
    expect(find(packages, advisories).map(({ packageId }) => packageId)).toEqual([
      'composer/Some-Name@1',
      'nuget/SOME-name@1',
      'pypi/Some_.name@1',
    ]);
  });

  it('that another package owns is left out', () => {
    const owned = samplePackage('pypi', 'demo', '1', { ownedBy: 'deb/python3-demo@1' });
    expect(find([owned], [sampleAdvisory('A-1')])).toEqual([]);
  });

  it('whose version has no place in the order is matched by listed versions alone, and said', () => {
    const listed = { ...sampleAffected('PyPI', 'demo'), versions: ['weird!'] };
    const diagnostics: Diagnostic[] = [];
    const { findings } = findVulnerabilities(
      { packages: [samplePackage('pypi', 'demo', 'weird!'), samplePackage('pypi', 'demo', 'unknown!')] },
      sampleStore(sampleAdvisory('A-1', { affected: [listed] })),
      { report: (diagnostic) => diagnostics.push(diagnostic) },
    );
    expect(findings).toMatchObject([{ installedVersion: 'weird!', match: { range: 'weird!' } }]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['version.invalid', 'version.invalid']);
  });
});

describe('kernel packages', () => {
  const source = { name: 'linux', version: '6.1.1-1' };
  const advisory = sampleAdvisory('CVE-2024-0001', { affected: [sampleAffected('Debian:12', 'linux', '6.1.2-1')] });

  it.each([
    ['linux-libc-dev', 'suppressed'],
    ['linux-headers-6.1.0-1-amd64', 'suppressed'],
    ['linux-kbuild-6.1', 'suppressed'],
    ['linux-image-6.1.0-1-amd64', 'open'],
    ['linux-modules-6.1.0-1-generic', 'open'],
  ])('%s: findings are %s', (name, kind) => {
    const [finding] = find([samplePackage('deb', name, '6.1.1-1', { source })], [advisory], debian);
    expect(finding?.verdict).toMatchObject(kind === 'open' ? { kind } : { kind, by: 'rule' });
  });

  it('of other sources are not taken for the kernel', () => {
    const other = samplePackage('deb', 'linux-base', '4.9', { source: { name: 'linux-base', version: '4.9' } });
    const affected = [sampleAffected('Debian:12', 'linux-base', '5')];
    expect(find([other], [sampleAdvisory('CVE-2024-0002', { affected })], debian)).toMatchObject([
      { verdict: { kind: 'open' } },
    ]);
  });
});

describe('what no feed covers', () => {
  function uncovered(packages: readonly Package[], update: UpdateOutcome['uncovered'] = []): readonly string[] {
    const store = sampleStore(
      sampleAdvisory('A-1'),
      sampleAdvisory('A-2', { affected: [sampleAffected('Debian:11', 'x')] }),
    );
    const options = { report: () => {}, update: { uncovered: update } };
    const found = findVulnerabilities({ packages, distribution: debian }, store, options);
    return found.uncovered.map(({ ecosystem, reason, packages: count }) => `${ecosystem}: ${count}: ${reason}`);
  }

  it('is counted by ecosystem and reason', () => {
    const packages = [
      samplePackage('deb', 'a', '1'),
      samplePackage('deb', 'b', '1'),
      samplePackage('deb', 'c', '1', { ownedBy: 'x' }),
      samplePackage('pypi', 'demo', '1'),
      samplePackage('generic', 'conan/zlib', '1'),
    ];
    expect(uncovered(packages)).toEqual([
      'Debian:12: 2: the store has no data about it',
      'generic: 1: no feed has records of this kind',
    ]);
    expect(uncovered(packages, [{ ecosystem: 'Debian:12', reason: 'not-published', feed: 'osv' }])).toContain(
      'Debian:12: 2: osv does not publish it',
    );
  });

  it('names a feed that could not be reached even where older data answered', () => {
    const packages = [samplePackage('pypi', 'demo', '1')];
    expect(uncovered(packages, [{ ecosystem: 'PyPI', reason: 'stale', feed: 'osv' }])).toEqual([
      'PyPI: 1: osv could not be reached; older data was used',
    ]);
    expect(uncovered(packages, [{ ecosystem: 'PyPI', reason: 'not-published', feed: 'osv' }])).toEqual([]);
  });

  it('may be single packages', () => {
    const packages = [samplePackage('deb', 'a', '1'), samplePackage('deb', 'b', '1')];
    expect(uncovered(packages, [{ ecosystem: 'Debian:12', reason: 'not-checked', package: 'a', feed: 'x' }])).toEqual([
      'Debian:12: 1: the store has no answer about these packages',
      'Debian:12: 1: the store has no data about it',
    ]);
  });
});
