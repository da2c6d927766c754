import { describe, expect, it } from 'vitest';
import type { PackageType } from './model.ts';
import { distroQualifier, managerName, packagePurl } from './package-purl.ts';
import { parsePurl } from './purl.ts';

const evidence = { path: '/etc/os-release', layer: 0 };

describe('packagePurl', () => {
  it.each<[PackageType, string, string, string]>([
    ['npm', '@babel/core', '7.0.0', 'pkg:npm/%40babel/core@7.0.0'],
    ['npm', 'express', '4.18.1', 'pkg:npm/express@4.18.1'],
    ['golang', 'github.com/gorilla/context', 'v1.1.1', 'pkg:golang/github.com/gorilla/context@v1.1.1'],
    ['golang', 'stdlib', '1.22.0', 'pkg:golang/stdlib@1.22.0'],
    ['composer', 'laravel/laravel', '5.5.0', 'pkg:composer/laravel/laravel@5.5.0'],
    ['maven', 'org.apache:commons', '1', 'pkg:maven/org.apache/commons@1'],
    ['pypi', 'flask-login', '1', 'pkg:pypi/flask-login@1'],
    ['gem', 'rack', '2.0', 'pkg:gem/rack@2.0'],
  ])('%s %s and back', (type, name, version, purl) => {
    expect(packagePurl(type, name, version)).toBe(purl);
    const parsed = parsePurl(purl);
    expect(parsed && managerName(parsed)).toBe(name);
  });

  it('names the distribution as namespace and leaves out what is not known', () => {
    const extras = { namespace: 'debian', qualifiers: { arch: 'amd64', distro: 'debian-12', other: undefined } };
    expect(packagePurl('deb', 'libc6', '2.36-9+deb12u4', extras)).toBe(
      'pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12',
    );
    expect(packagePurl('deb', 'x', '1', { namespace: undefined, qualifiers: { distro: undefined } })).toBe(
      'pkg:deb/x@1',
    );
  });
});

describe('distroQualifier', () => {
  it('joins id and release', () => {
    expect(distroQualifier({ id: 'debian', versionId: '12', idLike: [], evidence })).toBe('debian-12');
    expect(distroQualifier({ id: 'arch', idLike: [], evidence })).toBe('arch');
    expect(distroQualifier(undefined)).toBeUndefined();
  });
});
