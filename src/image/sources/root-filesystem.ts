import { statSync } from 'node:fs';
import { CinzelError } from '../../core/errors.ts';
import type { Image } from '../model.ts';
import { hostPlatform } from '../platform.ts';

/** Opens a folder that holds a root filesystem as an image of one layer and no configuration. */
export function openRootFilesystem(path: string, reference: string): Image {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new CinzelError('environment.not-found', { what: path });
  if (!stat.isDirectory()) throw new CinzelError('untrusted.not-an-image', { path });
  return {
    reference,
    name: path,
    platform: hostPlatform(),
    config: {},
    history: [],
    layers: [{ index: 0, mediaType: 'application/vnd.oci.image.layer.v1.tar', blob: { kind: 'directory', path } }],
    close: async () => {},
  };
}
