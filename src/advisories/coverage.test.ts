import { describe, expect, it } from 'vitest';
import type { Distribution, PackageType } from '../inventory/model.ts';
import { coversEcosystem, ecosystemOf, packageQuery, queriedEcosystems } from './coverage.ts';
import type { StorePart } from './store.ts';
import { feedNeeds } from './update.ts';

function distribution(id: string, versionId?: string): Distribution {
  return {
    id,
    idLike: [],
    evidence: { path: '/etc/os-release', layer: 0 },
    ...(versionId !== undefined && { versionId }),
  };
}

describe('the ecosystem of a package', () => {
  it.each<[PackageType, string, string | undefined, string | undefined]>([
    ['deb', 'debian', '12', 'Debian:12'],
    ['deb', 'debian', '12.5', 'Debian:12'],
    ['deb', 'debian', undefined, 'Debian'],
    ['deb', 'ubuntu', '22.04', 'Ubuntu:22.04:LTS'],
    ['deb', 'ubuntu', '24.10', 'Ubuntu:24.10'],
    ['deb', 'ubuntu', '23.04', 'Ubuntu:23.04'],
    ['apk', 'alpine', '3.18.4', 'Alpine:v3.18'],
    ['apk', 'alpine', '3.20_alpha20240329', 'Alpine:edge'],
    ['apk', 'wolfi', '20230201', 'Wolfi'],
    ['apk', 'chainguard', '20230214', 'Chainguard'],
    ['rpm', 'almalinux', '9.3', 'AlmaLinux:9'],
    ['rpm', 'rocky', '8.9', 'Rocky Linux:8'],
    ['rpm', 'opensuse-leap', '15.5', 'openSUSE:Leap 15.5'],
    ['rpm', 'opensuse-tumbleweed', '20240101', 'openSUSE:Tumbleweed'],
    ['rpm', 'fedora', '40', undefined],
    ['deb', 'constructor', '1', undefined],
    ['npm', 'debian', '12', 'npm'],
    ['pypi', 'alpine', '3.18', 'PyPI'],
    ['generic', 'debian', '12', undefined],
  ])('%s on %s %s is %s', (type, id, versionId, ecosystem) => {
    expect(ecosystemOf(type, distribution(id, versionId))).toBe(ecosystem);
  });

  it('is none for a distribution package on an unknown distribution', () => {
    expect(ecosystemOf('deb', undefined)).toBeUndefined();
    expect(ecosystemOf('golang', undefined)).toBe('Go');
  });
});

it('asks by source for deb and apk, by the normal form of its own name otherwise', () => {
  const source = { name: 'Src', version: '2' };
  const query = (type: PackageType, name: string, id: string): unknown =>
    packageQuery({ type, name, version: '1', source }, distribution(id, '12'));
  expect(query('deb', 'lib', 'debian')).toEqual({ ecosystem: 'Debian:12', name: 'Src', version: '2', rule: 'source' });
  expect(query('apk', 'lib', 'wolfi')).toEqual({ ecosystem: 'Wolfi', name: 'Src', version: '2', rule: 'source' });
  expect(query('rpm', 'lib', 'rocky')).toEqual({
    ecosystem: 'Rocky Linux:12',
    name: 'lib',
    version: '1',
    rule: 'name',
  });
  expect(query('pypi', 'A_b.C', 'debian')).toEqual({ ecosystem: 'PyPI', name: 'a-b-c', version: '1', rule: 'name' });
  expect(packageQuery({ type: 'npm', name: 'x', version: '' }, undefined)).toBeUndefined();
});

it('looks under the bare name too where only listed versions count there', () => {
  expect(queriedEcosystems('Alpine:v3.18')).toEqual(['Alpine:v3.18', 'Alpine']);
  expect(queriedEcosystems('Debian:12')).toEqual(['Debian:12']);
  expect(queriedEcosystems('PyPI')).toEqual(['PyPI']);
});

describe('a part of the store', () => {
  const part: StorePart = {
    id: 'osv',
    part: 'Debian',
    updatedAt: '',
    records: 1,
    feedVersion: 1,
    cursor: {},
    ecosystems: ['Debian:11'],
    coverage: 'ecosystem',
  };

  it('covers the releases that its records name, and a registry even without records', () => {
    expect(coversEcosystem(part, 'Debian:11')).toBe(true);
    expect(coversEcosystem(part, 'Debian:12')).toBe(false);
    expect(coversEcosystem(part, 'Debian')).toBe(false);
    expect(coversEcosystem({ ...part, part: 'npm', ecosystems: [] }, 'npm')).toBe(true);
  });

  it('that answers package by package covers no ecosystem as a whole', () => {
    expect(coversEcosystem({ ...part, coverage: 'package' }, 'Debian:11')).toBe(false);
  });
});

it('an image needs the ecosystems and sources of the packages that no other one owns', () => {
  const common = { purl: '', licenses: [], layer: 0, fate: { kind: 'present' } } as const;
  const evidence = [{ path: '/', layer: 0, cataloger: 'x' }] as const;
  const source = { name: 'openssl', version: '3' };
  const packages = [
    { ...common, evidence, id: '1', type: 'deb', name: 'libssl3', version: '3', source },
    { ...common, evidence, id: '2', type: 'deb', name: 'openssl', version: '3', source },
    { ...common, evidence, id: '3', type: 'npm', name: 'x', version: '1' },
    { ...common, evidence, id: '4', type: 'pypi', name: 'y', version: '1', ownedBy: '1' },
    { ...common, evidence, id: '5', type: 'generic', name: 'z', version: '1' },
  ] as const;
  const debian = distribution('debian', '12');
  expect(feedNeeds(packages, debian)).toEqual({
    ecosystems: ['Debian:12', 'npm'],
    distribution: debian,
    sources: [{ ecosystem: 'Debian:12', name: 'openssl', version: '3' }],
  });
});
