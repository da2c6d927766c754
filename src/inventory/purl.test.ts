import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { describe, expect, it } from 'vitest';
import { formatPurl, type Purl, parsePurl } from './purl.ts';

/** Texts that are canonical, with their parts: most are tests or examples of the specification. */
const canonical: readonly (readonly [string, Purl])[] = [
  [
    'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
    {
      type: 'deb',
      namespace: 'debian',
      name: 'curl',
      version: '7.50.3-1',
      qualifiers: { arch: 'i386', distro: 'jessie' },
    },
  ],
  [
    'pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64',
    { type: 'deb', namespace: 'debian', name: 'attr', version: '1:2.4.47-2+b1', qualifiers: { arch: 'amd64' } },
  ],
  [
    'pkg:apk/alpine/apk@2.12.9-r3?arch=x86',
    { type: 'apk', namespace: 'alpine', name: 'apk', version: '2.12.9-r3', qualifiers: { arch: 'x86' } },
  ],
  [
    'pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&epoch=1',
    {
      type: 'rpm',
      namespace: 'fedora',
      name: 'curl',
      version: '7.50.3-1.fc25',
      qualifiers: { arch: 'i386', epoch: '1' },
    },
  ],
  ['pkg:npm/foobar@12.3.1', { type: 'npm', name: 'foobar', version: '12.3.1' }],
  ['pkg:npm/%40angular/animation@12.3.1', { type: 'npm', namespace: '@angular', name: 'animation', version: '12.3.1' }],
  ['pkg:pypi/django-allauth@12.23', { type: 'pypi', name: 'django-allauth', version: '12.23' }],
  ['pkg:gem/ruby-advisory-db-check@0.12.4', { type: 'gem', name: 'ruby-advisory-db-check', version: '0.12.4' }],
  ['pkg:cargo/clap@2.33.0', { type: 'cargo', name: 'clap', version: '2.33.0' }],
  [
    'pkg:golang/google.golang.org/genproto#googleapis/api/annotations',
    { type: 'golang', namespace: 'google.golang.org', name: 'genproto', subpath: 'googleapis/api/annotations' },
  ],
  ['pkg:composer/laravel/laravel@5.5.0', { type: 'composer', namespace: 'laravel', name: 'laravel', version: '5.5.0' }],
  [
    'pkg:maven/org.apache.commons/io@1.3.4',
    { type: 'maven', namespace: 'org.apache.commons', name: 'io', version: '1.3.4' },
  ],
  [
    'pkg:nuget/EnterpriseLibrary.Common@6.0.1304',
    { type: 'nuget', name: 'EnterpriseLibrary.Common', version: '6.0.1304' },
  ],
  [
    'pkg:oci/debian@sha256%3A244fd47e07d10?arch=amd64'.replace('%3A', ':'),
    { type: 'oci', name: 'debian', version: 'sha256:244fd47e07d10', qualifiers: { arch: 'amd64' } },
  ],
  [
    'pkg:generic/openssl@1.1.10g?checksum=sha1:ad9503c3e994a4f%2Csha256:41bf9088b3a1e6c1ef1d',
    {
      type: 'generic',
      name: 'openssl',
      version: '1.1.10g',
      qualifiers: { checksum: 'sha1:ad9503c3e994a4f,sha256:41bf9088b3a1e6c1ef1d' },
    },
  ],
  ['pkg:npm/%E5%9B%BE@1', { type: 'npm', name: '图', version: '1' }],
  ['pkg:generic/a%20b%21%27%28%29%2A@~1', { type: 'generic', name: "a b!'()*", version: '~1' }],
];

describe('canonical purls', () => {
  it.each(canonical)('%s', (text, parts) => {
    expect(formatPurl(parts)).toBe(text);
    expect(parsePurl(text)).toEqual(parts);
  });
});

describe('formatPurl', () => {
  it.each<[string, Purl, string]>([
    ['lowers what Debian lowers', { type: 'Deb', namespace: 'Debian', name: 'Curl' }, 'pkg:deb/debian/curl'],
    ['normalizes names of Python', { type: 'pypi', name: 'Zope._.Event' }, 'pkg:pypi/zope-event'],
    ['lowers names of npm', { type: 'npm', namespace: '@Babel', name: 'Core' }, 'pkg:npm/%40babel/core'],
    [
      'keeps the case of Go paths',
      { type: 'golang', namespace: 'github.com/BurntSushi', name: 'toml' },
      'pkg:golang/github.com/BurntSushi/toml',
    ],
    [
      'keeps the case of rpm names',
      { type: 'rpm', namespace: 'Fedora', name: 'ImageMagick' },
      'pkg:rpm/fedora/ImageMagick',
    ],
    ['strips slashes', { type: 'generic', namespace: '/a//b/', name: '/c/' }, 'pkg:generic/a/b/c'],
    ['escapes slashes inside a name', { type: 'generic', name: 'a/b' }, 'pkg:generic/a%2Fb'],
    [
      'leaves out empty qualifiers and orders the others',
      { type: 'generic', name: 'a', version: '', qualifiers: { z: '1', empty: '', B: '2' } },
      'pkg:generic/a?b=2&z=1',
    ],
    ['leaves dots out of subpaths', { type: 'generic', name: 'a', subpath: '/../x/./y/' }, 'pkg:generic/a#x/y'],
    ['replaces a lone surrogate', { type: 'npm', name: 'a\ud800' }, 'pkg:npm/a%EF%BF%BD'],
  ])('%s', (_what, purl, text) => {
    expect(formatPurl(purl)).toBe(text);
  });
});

describe('parsePurl', () => {
  it.each<[string, Purl]>([
    ['PKG://npm/a', { type: 'npm', name: 'a' }],
    ['pkg:NPM/a@1', { type: 'npm', name: 'a', version: '1' }],
    ['pkg:npm/@scope/a@1', { type: 'npm', namespace: '@scope', name: 'a', version: '1' }],
    ['pkg:npm/@scope/a', { type: 'npm', namespace: '@scope', name: 'a' }],
    ['pkg:npm/JSONStream@1.3.5', { type: 'npm', name: 'JSONStream', version: '1.3.5' }],
    ['pkg:pypi/Foo_Bar', { type: 'pypi', name: 'foo-bar' }],
    ['pkg:deb/debian/attr@1%3A2', { type: 'deb', namespace: 'debian', name: 'attr', version: '1:2' }],
    [
      'pkg:generic/a//b@1?X=y&empty=&novalue#/s/',
      { type: 'generic', namespace: 'a', name: 'b', version: '1', qualifiers: { x: 'y' }, subpath: 's' },
    ],
    ['pkg:constructor/a', { type: 'constructor', name: 'a' }],
  ])('reads %s', (text, parts) => {
    expect(parsePurl(text)).toEqual(parts);
  });

  it.each([
    '',
    'npm/a',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'pkg:maven/@1.3.4',
    'pkg:3nginx/nginx@0.8.9',
    'pkg:nginx:a/nginx@0.8.9',
    'pkg:n&g?inx/nginx@0.8.9',
    'pkg:npm/a?in%20production=true',
    'pkg:npm/a?__proto__=1',
    'pkg:npm/%',
    'pkg:npm/%ff',
    'pkg:npm/a@%zz',
    'pkg%3Amaven/org.apache.commons/io',
  ])('refuses %j', (text) => {
    expect(parsePurl(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('pkg:/@?#=&%2Fan.1é\ud800')) }), (tail) => {
        parsePurl(tail);
        parsePurl(`pkg:npm/${tail}`);
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});

function purlsOf(characters: string): fc.Arbitrary<Purl> {
  const unit = fc.constantFrom(...Array.from(characters));
  const segment = fc
    .string({ minLength: 1, maxLength: 9, unit })
    .filter((value) => value !== '.' && value !== '..' && value.trim() === value);
  return fc.record(
    {
      type: fc.constantFrom('cargo', 'gem', 'generic', 'golang'),
      namespace: fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/')),
      name: segment,
      version: segment.map((version) => `1${version}`),
      qualifiers: fc.dictionary(fc.constantFrom('arch', 'distro', 'epoch', 'vcs_url'), segment, {
        minKeys: 1,
        noNullPrototype: true,
      }),
      subpath: segment,
    },
    { requiredKeys: ['type', 'name'], noNullPrototype: true },
  );
}

describe('any purl', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(purlsOf('abz09.-_~:+@%?#=& é'), (purl) => {
        expect(parsePurl(formatPurl(purl))).toEqual(purl);
      }),
    );
  });
});

/** Without `%` and `+`: packageurl-js decodes qualifiers twice, and leaves `+` as it is in versions. */
describe('packageurl-js', () => {
  it('understands our text in the same way', () => {
    fc.assert(
      fc.property(purlsOf('abz09.-_~:@?#=& é'), (purl) => {
        const { type, namespace, name, version, qualifiers, subpath } = PackageURL.fromString(formatPurl(purl));
        expect(JSON.parse(JSON.stringify({ type, namespace, name, version, qualifiers, subpath }))).toEqual(purl);
      }),
    );
  });

  it('writes what we understand in the same way', () => {
    fc.assert(
      fc.property(purlsOf('abz09.-_~:@?#=& é'), (purl) => {
        const { type, namespace, name, version, qualifiers, subpath } = purl;
        const theirs = new PackageURL(type, namespace, name, version, qualifiers, subpath).toString();
        expect(parsePurl(theirs)).toEqual(purl);
      }),
    );
  });
});
