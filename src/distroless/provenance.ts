import { packagePurl } from '../inventory/package-purl.ts';
import type { LockedApk } from './apk/lock.ts';
import type { Architecture } from './architectures.ts';
import type { Lock, LockedPackage } from './lock/model.ts';
import type { LayerCompression } from './make-layers.ts';
import type { Recipe } from './recipe/model.ts';

/** The predicate type of provenance (slsa.dev/spec/v1.0/provenance). */
export const provenanceType = 'https://slsa.dev/provenance/v1';

export interface BuildFacts {
  /** The recipe by a name that says nothing of the machine. */
  readonly name: string;
  readonly recipe: Recipe;
  readonly lock: Lock;
  readonly architecture: Architecture;
  readonly compression: LayerCompression;
  /** Of Cinzel. */
  readonly version: string;
}

/**
 * How an image was made: the recipe's wishes, the signed indexes, and every package with its hash. It has neither times
 * nor places, so that whoever builds from the same lock says the same, to the byte.
 */
export function provenance({ name, recipe, lock, architecture, compression, version }: BuildFacts): object {
  const { from, suites = [], packages = [], apk } = lock.architectures[architecture.name] ?? {};
  return {
    buildDefinition: {
      buildType: 'urn:cinzel:build:1',
      externalParameters: {
        recipe: name,
        architecture: architecture.name,
        compression,
        layering: recipe.layering,
        ...lock.inputs,
      },
      internalParameters: {
        encoder: lock.encoder,
        ...(apk === undefined ? { suites } : { repositories: apk.repositories }),
      },
      resolvedDependencies: [
        ...(from === undefined ? [] : [{ name: 'from', digest: { sha256: from.slice('sha256:'.length) } }]),
        ...packages.map((one) => dependency(one, lock.inputs.distribution)),
        ...(apk?.packages ?? []).map((one) => apkDependency(one, lock.inputs.distribution)),
      ],
    },
    runDetails: { builder: { id: 'urn:cinzel', version: { cinzel: version } } },
  };
}

/** A package as a resource descriptor (in-toto attestation framework, spec/v1/resource_descriptor.md). */
function dependency(locked: LockedPackage, distribution: string): object {
  const { name, version, architecture, archive, suite, filename, sha256, wantedBy } = locked;
  const [namespace] = /^[a-z]+/.exec(distribution) ?? [];
  return {
    name,
    uri: packagePurl('deb', name, version, { namespace, qualifiers: { arch: architecture } }),
    digest: { sha256 },
    annotations: { archive, suite, filename, ...(wantedBy === undefined ? {} : { wantedBy }) },
  };
}

/** Its checksum is of its control member, which names the hash of its data; no digest says that, so it is an annotation. */
function apkDependency(locked: LockedApk, namespace: string): object {
  const { name, version, architecture, repository, filename, checksum, wantedBy } = locked;
  return {
    name,
    uri: packagePurl('apk', name, version, { namespace, qualifiers: { arch: architecture } }),
    annotations: { repository, filename, checksum, ...(wantedBy === undefined ? {} : { wantedBy }) },
  };
}
