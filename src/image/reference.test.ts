import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { formatRegistryName, parseGivenName, parseReference, parseRegistryName } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;

describe('references', () => {
  it.each([
    ['docker-archive:image.tar', { kind: 'docker-archive', path: 'image.tar' }],
    ['docker-archive:image.tar:repo/name:1.2', { kind: 'docker-archive', path: 'image.tar', tag: 'repo/name:1.2' }],
    ['oci:folder', { kind: 'oci', path: 'folder' }],
    ['oci:folder:tag', { kind: 'oci', path: 'folder', tag: 'tag' }],
    [`oci:folder@${digest}`, { kind: 'oci', path: 'folder', digest }],
    ['oci-archive:x.tar:v1', { kind: 'oci-archive', path: 'x.tar', tag: 'v1' }],
    ['dir:/', { kind: 'dir', path: '/' }],
    ['sbom:a:b.json', { kind: 'sbom', path: 'a:b.json' }],
    ['docker:nginx:1.27', { kind: 'docker', name: 'nginx:1.27' }],
    ['nginx:1.27', { kind: 'bare', text: 'nginx:1.27' }],
    ['./image.tar', { kind: 'bare', text: './image.tar' }],
  ])('%s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  it.each(['', 'oci:', 'oci::tag', 'oci:folder:', 'registry:o/UPPER', 'registry:a//b', `oci:f@${digest}0`])(
    'refuses "%s"',
    (text) => {
      expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'usage.reference' }));
    },
  );
});

describe('names in a registry', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', 'latest', 'nginx:latest'],
    ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', 'nginx:1.27'],
    ['docker.io/library/nginx', 'docker.io', 'library/nginx', 'latest', 'nginx:latest'],
    ['index.docker.io/o/n:t', 'docker.io', 'o/n', 't', 'o/n:t'],
    ['o/n', 'docker.io', 'o/n', 'latest', 'o/n:latest'],
    ['localhost/n', 'localhost', 'n', 'latest', 'localhost/n:latest'],
    ['localhost:5000/a/b/c:v', 'localhost:5000', 'a/b/c', 'v', 'localhost:5000/a/b/c:v'],
    ['ghcr.io/o/n:tag', 'ghcr.io', 'o/n', 'tag', 'ghcr.io/o/n:tag'],
    ['[::1]:5000/n', '[::1]:5000', 'n', 'latest', '[::1]:5000/n:latest'],
    ['gcr.io/a__b/c.d-e', 'gcr.io', 'a__b/c.d-e', 'latest', 'gcr.io/a__b/c.d-e:latest'],
  ])('%s', (text, registry, repository, tag, familiar) => {
    const name = parseRegistryName(text);
    expect(name).toEqual({ registry, repository, tag });
    expect(formatRegistryName(name)).toBe(familiar);
  });

  it('needs no tag when there is a digest, and keeps one that is there', () => {
    expect(parseRegistryName(`ghcr.io/o/n@${digest}`)).toEqual({ registry: 'ghcr.io', repository: 'o/n', digest });
    expect(parseRegistryName(`ghcr.io/o/n:t@${digest}`)).toMatchObject({ tag: 't', digest });
  });

  it('reads back what it writes', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(
        fc.constantFrom('docker.io', 'ghcr.io', 'localhost:5000'),
        fc.array(part, { minLength: 1, maxLength: 3 }),
        part,
        (registry, parts, tag) => {
          const name = parseRegistryName(`${registry}/${parts.join('/')}:${tag}`);
          expect(parseRegistryName(formatRegistryName(name))).toEqual(name);
        },
      ),
    );
  });

  it('refuses anything else with one kind of error, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600, unit: 'binary' }), (text) => {
        try {
          parseReference(text);
          parseRegistryName(text);
        } catch (error) {
          expect(isCinzelError(error, 'usage.reference')).toBe(true);
        }
      }),
    );
  });
});

describe('the name that an image shall have', () => {
  it.each([
    ['1.2', { tag: '1.2' }],
    ['app:1', { name: 'app', tag: '1' }],
    ['my/app', { name: 'my/app' }],
    ['localhost:5000/my/app', { name: 'localhost:5000/my/app' }],
    ['ghcr.io/my/app:_x', { name: 'ghcr.io/my/app', tag: '_x' }],
  ])('%s', (text, expected) => {
    expect(parseGivenName(text)).toEqual(expected);
  });

  it.each(['', 'bad tag', '-x', 'App:1', 'Bad Name:tag', 'app:', 'app:bad tag', 'my/app@sha256:0', '../app', ':1'])(
    'refuses %j',
    (text) => {
      expect(() => parseGivenName(text)).toThrow(expect.objectContaining({ code: 'usage.reference', exitCode: 2 }));
    },
  );
});
