import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import type { Inventory } from './model.ts';
import { readSbom } from './sbom-input.ts';

const limits = { entries: 1_000 };

function read(document: unknown): Inventory {
  return readSbom(Buffer.from(JSON.stringify(document)), 'x.json', limits);
}

function cyclonedx(components: readonly unknown[], more: object = {}): Inventory {
  return read({ bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more });
}

describe('a CycloneDX document', () => {
  it('gives its components as packages, nested ones too, sorted', () => {
    const inventory = cyclonedx([
      {
        type: 'library',
        name: 'b',
        purl: 'pkg:pypi/Some_Name@1.0',
        components: [{ name: 'c', purl: 'pkg:npm/%40s/c@2' }],
      },
      { type: 'application', name: 'a', purl: 'pkg:golang/github.com/Masterminds/vcs@v1.2.3' },
      {
        type: 'library',
        purl: 'pkg:composer/Vendor/Thing@1',
        licenses: [{ license: { id: 'MIT' } }, { expression: 'A OR B' }],
      },
      { type: 'library', purl: 'pkg:maven/org.x/y@1' },
      { type: 'file', name: 'not a package' },
    ]);
    expect(inventory.packages.map(({ id, type, name, version }) => [id, type, name, version])).toEqual([
      ['composer/vendor/thing@1', 'composer', 'vendor/thing', '1'],
      ['golang/github.com/Masterminds/vcs@v1.2.3', 'golang', 'github.com/Masterminds/vcs', 'v1.2.3'],
      ['maven/org.x:y@1', 'maven', 'org.x:y', '1'],
      ['npm/@s/c@2', 'npm', '@s/c', '2'],
      ['pypi/some-name@1.0', 'pypi', 'some-name', '1.0'],
    ]);
    expect(inventory.packages[0]?.licenses).toEqual(['MIT', 'A OR B']);
    expect(inventory.diagnostics).toEqual([]);
  });

  it.each([
    [
      'the purl of Syft',
      { purl: 'pkg:deb/debian/libssl3@3.0.1-1?arch=amd64&upstream=openssl%403.0.1&distro=debian-12' },
      { name: 'openssl', version: '3.0.1' },
    ],
    [
      'Syft without version',
      { purl: 'pkg:deb/debian/libc6@2.36-9?upstream=glibc' },
      { name: 'glibc', version: '2.36-9' },
    ],
    [
      "Trivy's properties",
      {
        purl: 'pkg:deb/debian/libperl5.36@5.36.0-7?epoch=1&distro=debian-12.1',
        properties: [
          { name: 'aquasecurity:trivy:SrcName', value: 'perl' },
          { name: 'aquasecurity:trivy:SrcVersion', value: '5.36.0' },
          { name: 'aquasecurity:trivy:SrcRelease', value: '7' },
          { name: 'aquasecurity:trivy:SrcEpoch', value: '1' },
        ],
      },
      { name: 'perl', version: '1:5.36.0-7' },
    ],
    ['nothing: the package itself', { purl: 'pkg:apk/alpine/zlib@1.2-r0' }, { name: 'zlib', version: '1.2-r0' }],
  ])('knows the source package from %s', (_name, component, source) => {
    expect(cyclonedx([component]).packages[0]?.source).toEqual(source);
  });

  it('puts an epoch that stands beside the version into it', () => {
    const versions = ['pkg:deb/debian/a@2?epoch=1', 'pkg:deb/debian/a@1%3A2', 'pkg:rpm/rhel/a@2-1?epoch=0'].map(
      (purl) => cyclonedx([{ purl }]).packages[0]?.version,
    );
    expect(versions).toEqual(['1:2', '1:2', '2-1']);
  });

  it.each([
    ['the operating system', [{ type: 'operating-system', name: 'alpine', version: '3.18.4' }], 'alpine', '3.18.4'],
    ['the distro qualifier', [{ purl: 'pkg:deb/debian/a@1?distro=debian-12' }], 'debian', '12'],
    ['a name with hyphens', [{ purl: 'pkg:rpm/opensuse/a@1?distro=opensuse-leap-15.5' }], 'opensuse-leap', '15.5'],
    ['a codename', [{ purl: 'pkg:deb/debian/a@1?distro=bookworm' }], 'debian', '12'],
    ['a rolling one', [{ purl: 'pkg:apk/wolfi/a@1?distro=wolfi' }], 'wolfi', undefined],
  ])('knows the distribution from %s', (_name, components, id, versionId) => {
    const { distribution } = cyclonedx(components);
    expect([distribution?.id, distribution?.versionId]).toEqual([id, versionId]);
  });

  it('keeps the distribution that a package names where it is another', () => {
    const { packages } = cyclonedx([
      { type: 'operating-system', name: 'debian', version: '12' },
      { purl: 'pkg:deb/debian/a@1?distro=debian-11' },
      { purl: 'pkg:deb/debian/b@1?distro=debian-trixie' },
      { purl: 'pkg:deb/debian/c@1' },
      { purl: 'pkg:deb/debian/d@1?distro=debian-12' },
    ]);
    const releases = packages.map(({ distribution }) => distribution?.versionId);
    expect(releases).toEqual(['11', '13', undefined, undefined]);
  });

  it('keeps apart what two distributions have of the same name and version', () => {
    const { packages } = cyclonedx([
      { type: 'operating-system', name: 'debian', version: '12' },
      { purl: 'pkg:deb/debian/a@1?arch=amd64&distro=debian-11' },
      { purl: 'pkg:deb/debian/a@1?arch=amd64' },
      { purl: 'pkg:deb/debian/a@1?arch=amd64&distro=debian-12' },
      { purl: 'pkg:deb/debian/a@1?arch=amd64&distro=debian-11' },
      { purl: 'pkg:deb/ubuntu/a@1?arch=amd64&distro=ubuntu-24.04' },
    ]);
    const seen = packages.map(({ distribution }) => distribution && `${distribution.id} ${distribution.versionId}`);
    expect(seen).toEqual([undefined, 'debian 11', 'ubuntu 24.04']);
    expect(new Set(packages.map(({ id }) => id)).size).toBe(3);
  });

  it('takes the version from beside a purl that has none', () => {
    const { packages, diagnostics } = cyclonedx([
      { type: 'library', name: 'django', version: '3.2', purl: 'pkg:pypi/django' },
      { type: 'library', name: 'flask', version: '1', purl: 'pkg:pypi/flask@2' },
    ]);
    expect(packages.map(({ id }) => id)).toEqual(['pypi/django@3.2', 'pypi/flask@2']);
    expect(diagnostics).toEqual([]);
  });

  it('keeps which package owns another, as long as the owner is listed', () => {
    const owned = (by: string) => ({
      type: 'library',
      purl: `pkg:npm/${by.length}@1`,
      properties: [{ name: 'cinzel:package:ownedBy', value: by }],
    });
    const deb = { type: 'library', purl: 'pkg:deb/debian/npm@9?arch=all' };
    const { packages } = cyclonedx([deb, owned('deb/npm@9:all'), owned('deb/gone@1')]);
    expect(packages.flatMap(({ ownedBy }) => ownedBy ?? [])).toEqual(['deb/npm@9:all']);
  });

  it('says what it cannot use', () => {
    const inventory = cyclonedx([
      { type: 'library', name: 'plain', version: '1' },
      { type: 'library', name: 'odd', purl: 'no purl' },
      { type: 'library', name: 'bare', purl: 'pkg:npm/bare' },
      { type: 'library', name: 'other', purl: 'pkg:conan/zlib@1.3' },
      { type: 'application', name: 'package-lock.json' },
      7,
      null,
    ]);
    expect(inventory.packages.map(({ id }) => id)).toEqual(['generic/conan/zlib@1.3']);
    expect(inventory.diagnostics.map(({ code, severity, parameters }) => [code, severity, parameters])).toEqual([
      ['package.malformed', 'warning', { cataloger: 'sbom', problem: { kind: 'without-purl', component: 'plain' } }],
      ['package.malformed', 'warning', { cataloger: 'sbom', problem: { kind: 'malformed-purl', component: 'odd' } }],
      ['package.without-version', 'warning', { cataloger: 'sbom', name: 'bare' }],
      [
        'package.malformed',
        'info',
        { cataloger: 'sbom', problem: { kind: 'without-purl', component: 'package-lock.json' } },
      ],
    ]);
  });
});

it('reads an SPDX 2.3 document', () => {
  const inventory = read({
    spdxVersion: 'SPDX-2.3',
    packages: [
      { name: 'image', primaryPackagePurpose: 'CONTAINER' },
      { name: 'debian', versionInfo: '12', primaryPackagePurpose: 'OPERATING-SYSTEM' },
      {
        name: 'libssl3',
        licenseConcluded: 'NOASSERTION',
        licenseDeclared: 'Apache-2.0',
        sourceInfo: 'built package from: openssl 3.0.1-1',
        externalRefs: [
          { referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:x' },
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: 'pkg:deb/debian/libssl3@3.0.1-1',
          },
        ],
      },
    ],
  });
  expect(inventory.distribution).toMatchObject({ id: 'debian', versionId: '12' });
  expect(inventory.packages).toMatchObject([
    { name: 'libssl3', source: { name: 'openssl', version: '3.0.1-1' }, licenses: ['Apache-2.0'] },
  ]);
});

describe('hostile documents', () => {
  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['another document', '{"a": 1}'],
    ['SPDX 3', '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}'],
    ['CycloneDX XML', '<bom/>'],
  ])('are refused: %s', (_name, text) => {
    expect(() => readSbom(Buffer.from(text), 'x.json', limits)).toThrowError(/untrusted.malformed/);
  });

  it('stop at the limit of entries, wide or deep', () => {
    const wide = Array.from({ length: 2_000 }, () => ({ purl: 'pkg:npm/a@1' }));
    expect(() => cyclonedx(wide)).toThrowError(/untrusted.limit/);
    let deep: object = { purl: 'pkg:npm/a@1' };
    for (let level = 0; level < 2_000; level += 1) deep = { components: [deep] };
    expect(() => cyclonedx([deep])).toThrowError(/untrusted.limit/);
    expect(() => read({ spdxVersion: 'SPDX-2.3', packages: wide })).toThrowError(/untrusted.limit/);
  });

  it('with wrong types everywhere give no packages and no crash', () => {
    const odd = [null, true, 7, 'text', [], {}, { name: 7, purl: {}, licenses: 1, properties: 'x', components: 3 }];
    for (const value of odd) {
      for (const document of [
        { bomFormat: 'CycloneDX', components: value },
        { bomFormat: 'CycloneDX', components: [value] },
        { spdxVersion: 'SPDX-2.3', packages: value },
        { spdxVersion: 'SPDX-2.3', packages: [{ externalRefs: [value], sourceInfo: value }] },
      ]) {
        expect(read(document).packages).toEqual([]);
      }
    }
  });

  it('cut or changed anywhere are read or refused, never a crash', () => {
    const text = JSON.stringify({
      bomFormat: 'CycloneDX',
      components: [{ type: 'library', purl: 'pkg:deb/a/b@1?epoch=2&distro=x-1' }],
    });
    for (let at = 0; at < text.length; at += 1) {
      for (const changed of [text.slice(0, at), `${text.slice(0, at)}%${text.slice(at + 1)}`]) {
        try {
          readSbom(Buffer.from(changed), 'x.json', limits);
        } catch (error) {
          expect(isCinzelError(error, 'untrusted.malformed')).toBe(true);
        }
      }
    }
  });
});
