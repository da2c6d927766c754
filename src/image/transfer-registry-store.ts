import type { Descriptor, RegistryName } from './model.ts';
import { formatRegistryName } from './reference.ts';
import type { RegistryClient } from './registry/client.ts';
import type { ImageStore } from './transfer.ts';

/** One name of a registry as a source. Without a tag or digest it means `latest`. */
export function registryStore(client: RegistryClient, name: RegistryName): ImageStore {
  const { repository, tag, digest } = name;
  const { digest: _, ...tagged } = name;
  const manifest = async (reference: string): Promise<{ bytes: Uint8Array; descriptor: Descriptor }> => {
    const found = await client.getManifest(repository, reference);
    const { mediaType, bytes } = found;
    return { bytes, descriptor: { mediaType, digest: found.digest, size: bytes.length } };
  };
  return {
    name: formatRegistryName(name),
    imageName: formatRegistryName(tagged),
    roots: async () => [(await manifest(digest ?? tag ?? 'latest')).descriptor],
    manifest: async (descriptor) => (await manifest(descriptor.digest)).bytes,
    blob: (descriptor) => (signal) => client.readBlob(repository, descriptor, signal),
    referrers: (subject) => client.referrers(repository, subject),
    tagged: (wanted) => client.headManifest(repository, wanted),
    close: async () => {},
  };
}
