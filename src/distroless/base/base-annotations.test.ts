import { expect, it } from 'vitest';
import { sha256 } from '../../core/digest.ts';
import { baseAnnotations } from './base-annotations.ts';

const digest = sha256('manifest');

it.each([
  ['registry:debian', 'docker.io/library/debian:latest'],
  ['registry:ghcr.io/some/base:1', 'ghcr.io/some/base:1'],
  [`registry:ghcr.io/some/base:1@${digest}`, 'ghcr.io/some/base:1'],
  [`registry:ghcr.io/some/base@${digest}`, 'ghcr.io/some/base'],
])('names the image of a registry in full: %s', (name, full) => {
  expect(baseAnnotations({ name, digest })).toEqual({
    'org.opencontainers.image.base.name': full,
    'org.opencontainers.image.base.digest': digest,
  });
});

it.each(['oci:/home/me/base:1', 'docker:base:1'])('tells no name that only this machine knows: %s', (name) => {
  expect(baseAnnotations({ name, digest })).toEqual({ 'org.opencontainers.image.base.digest': digest });
});
