import type { Reference } from '../image/model.ts';
import { parseRegistryName } from '../image/reference.ts';
import type { ImageStore } from '../image/transfer.ts';
import { openedImageStore, openLocalStore } from '../image/transfer-open.ts';
import { registryStore } from '../image/transfer-registry-store.ts';
import { openReference, understand, wantedPlatform } from './open-image.ts';
import { openRegistryClient } from './registry-client.ts';
import type { Toolbox } from './toolbox.ts';

export interface SourceOptions {
  /** Whether more is wanted than an engine has: other platforms, or referrers. A bare name is a registry's then. */
  readonly beyondOneImage: boolean;
  /** The registry that the image goes to. A user name and password that were set are for that one. */
  readonly destinationRegistry?: string;
}

/** Where a copy comes from. */
export interface CopySource {
  readonly store: ImageStore;
  /** Set when the source is a registry. */
  readonly registry?: { readonly host: string; readonly repository: string };
}

/** Opens what the text names as a source of images. */
export async function openCopySource(
  text: string,
  { beyondOneImage, destinationRegistry }: SourceOptions,
  toolbox: Toolbox,
): Promise<CopySource> {
  const reference = (await understand(text, toolbox)) ?? (beyondOneImage ? registryReference(text) : undefined);
  switch (reference?.kind) {
    case 'oci':
    case 'oci-archive':
    case 'docker-archive':
    case 'dir':
    case 'sbom': {
      const platform = wantedPlatform(toolbox);
      const options = { context: toolbox.context, typed: text, ...(platform === undefined ? {} : { platform }) };
      return { store: await openLocalStore(reference, options) };
    }
    case 'registry': {
      const { registry, repository } = reference.name;
      const withLogin = destinationRegistry === undefined || destinationRegistry === registry;
      const client = await openRegistryClient(registry, { withLogin }, toolbox);
      return { store: registryStore(client, reference.name), registry: { host: registry, repository } };
    }
    case 'docker':
    case 'podman':
    case 'containerd':
    case undefined:
      return { store: await openOther(text, toolbox) };
  }
}

function registryReference(text: string): Reference {
  return { kind: 'registry', name: parseRegistryName(text) };
}

/** An engine's image, or whatever a bare name means. */
async function openOther(text: string, toolbox: Toolbox): Promise<ImageStore> {
  const opened = await openReference(text, toolbox, { platform: wantedPlatform(toolbox) });
  if (opened.kind === 'sbom') return openLocalStore(opened, { context: toolbox.context, typed: text });
  try {
    return await openedImageStore(opened.image, toolbox.context);
  } catch (error) {
    await opened.image.close();
    throw error;
  }
}
