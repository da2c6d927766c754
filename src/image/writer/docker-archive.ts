import type { FileHandle } from 'node:fs/promises';
import type { Context } from '../../core/context.ts';
import { type Digest, digestAlgorithm, digestHex, hashFor } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import { decompress } from '../../formats/decompress.ts';
import type { SingleImage } from './single-image-sink.ts';
import { tarFile } from './tar-file.ts';

/**
 * Writes an archive as `docker save` does (Docker image specification v1.2, "Combined Image JSON + Filesystem Changeset
 * Format"): plain layers in the image's order, each once, checked against its diff ID.
 */
export async function writeDockerArchive(
  handle: FileHandle,
  { config, layers }: SingleImage,
  { name, context }: { readonly name: string | undefined; readonly context: Context },
): Promise<void> {
  const archive = tarFile(handle);
  const configName = `${digestHex(config.digest)}.json`;
  await archive.file(configName, config.bytes);
  for (const [diffId, { open }] of new Map(layers.map((layer) => [layer.diffId, layer]))) {
    await archive.folder(digestHex(diffId));
    await archive.streamUnsized(layerName(diffId), plainLayer(open(context.signal), diffId, context));
  }
  const image = {
    Config: configName,
    RepoTags: name === undefined ? null : [name],
    Layers: layers.map(({ diffId }) => layerName(diffId)),
  };
  await archive.file('manifest.json', Buffer.from(JSON.stringify([image])));
  await archive.end();
}

function layerName(diffId: Digest): string {
  return `${digestHex(diffId)}/layer.tar`;
}

async function* plainLayer(
  stored: AsyncIterable<Uint8Array>,
  diffId: Digest,
  { limits }: Context,
): AsyncGenerator<Uint8Array> {
  const what = { kind: 'layer-of-digest', digest: diffId } as const;
  const hash = hashFor(diffId);
  const bounds = { maxBytes: limits.layerBytes, ratio: limits.ratio, ratioFloor: limits.ratioFloor, what };
  for await (const chunk of decompress(stored, 'detect', bounds)) {
    hash.update(chunk);
    yield chunk;
  }
  const actual = `${digestAlgorithm(diffId)}:${hash.digest('hex')}`;
  if (actual !== diffId) throw new CinzelError('untrusted.digest', { what, expected: diffId, actual });
}
