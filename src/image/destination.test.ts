import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { engineName, parseDestination } from './destination.ts';

describe('destinations', () => {
  it.each([
    ['oci:out', { kind: 'oci', path: 'out' }],
    ['oci:/a/b:v1.2', { kind: 'oci', path: '/a/b', tag: 'v1.2' }],
    ['oci:out:app/web:1.2', { kind: 'oci', path: 'out', tag: 'app/web:1.2' }],
    ['oci-archive:x.tar:v1', { kind: 'oci-archive', path: 'x.tar', tag: 'v1' }],
    ['docker-archive:x.tar', { kind: 'docker-archive', path: 'x.tar' }],
    ['docker-archive:x.tar:o/n:1', { kind: 'docker-archive', path: 'x.tar', name: 'o/n:1' }],
    ['docker-archive:x.tar:ghcr.io/o/n', { kind: 'docker-archive', path: 'x.tar', name: 'ghcr.io/o/n:latest' }],
    ['docker:', { kind: 'docker' }],
    ['docker:app:2', { kind: 'docker', name: 'app:2' }],
    ['podman:localhost/app', { kind: 'podman', name: 'localhost/app:latest' }],
    [
      'registry:127.0.0.1:5000/o/n:t',
      { kind: 'registry', name: { registry: '127.0.0.1:5000', repository: 'o/n', tag: 't' } },
    ],
  ])('%s', (text, destination) => {
    expect(parseDestination(text)).toEqual(destination);
  });

  it.each([
    '',
    'nginx',
    'nginx:1.27',
    'dir:/x',
    'oci:',
    'oci::v1',
    'oci:out:',
    'oci:out:a b',
    'oci:out:-v',
    `oci:out:${'x'.repeat(256)}`,
    'docker-archive:x.tar:UPPER',
    `docker:app@sha256:${'a'.repeat(64)}`,
    `registry:o/n@sha256:${'a'.repeat(64)}`,
    'oci:a\0b',
  ])('refuses "%s" and says what is possible', (text) => {
    expect(() => parseDestination(text)).toThrow(expect.objectContaining({ code: 'usage.value', exitCode: 2 }));
  });

  it('refuses a name that no registry can have', () => {
    expect(() => parseDestination('registry:o/UPPER')).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('refuses anything else as a matter of usage, in time that grows with its length only', () => {
    const prefix = fc.constantFrom('', 'oci:', 'oci:x:', 'docker-archive:x:', 'registry:', 'docker:');
    fc.assert(
      fc.property(prefix, fc.string({ maxLength: 2000, unit: 'binary' }), (kind, rest) => {
        try {
          parseDestination(`${kind}${rest}`);
        } catch (error) {
          expect(isCinzelError(error, 'usage.value', 'usage.reference')).toBe(true);
        }
      }),
    );
    expect(() => parseDestination(`oci:x:${'a-'.repeat(100_000)}`)).toThrow();
  });

  it('gives engines no name that they could not hold', () => {
    expect(engineName('/tmp/image.tar')).toBeUndefined();
    expect(engineName(`n@sha256:${'a'.repeat(64)}`)).toBeUndefined();
    expect(engineName('docker.io/library/nginx:1')).toBe('nginx:1');
  });
});
