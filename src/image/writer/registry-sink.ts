import type { Context } from '../../core/context.ts';
import { isCinzelError } from '../../core/errors.ts';
import type { RegistryName } from '../model.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { ImageSink } from '../transfer.ts';

export interface RegistrySinkOptions {
  readonly context: Context;
  /** A repository of the same registry that has the blobs, so that they need not be sent. */
  readonly mountFrom?: string;
}

/**
 * Writes to a repository of a registry. A manifest is pushed only once everything that it names is there, and the tag
 * comes with the last one, so that the tag never names half an image.
 */
export function registrySink(
  client: RegistryClient,
  { repository }: RegistryName,
  { context, mountFrom }: RegistrySinkOptions,
): ImageSink {
  return {
    holds: 'manifests',
    // The upload itself asks first.
    has: async () => false,
    tagged: async (tag) => {
      try {
        return (await client.getManifest(repository, tag)).bytes;
      } catch (error) {
        if (isCinzelError(error, 'environment.not-found')) return undefined;
        throw error;
      }
    },
    putBlob: async (blob, open) => {
      const source = mountFrom === undefined || mountFrom === repository ? {} : { mountFrom };
      await client.putBlob(repository, { blob, open: () => open(context.signal), ...source });
    },
    putManifest: async (bytes, { mediaType, digest }, place) => {
      const reference = place.kind === 'tagged' ? place.tag : digest;
      await client.putManifest(repository, reference, { mediaType, bytes });
    },
    commit: async () => {},
    close: async () => {},
  };
}
