import type { Digest } from '../core/digest.ts';
import { isCinzelError } from '../core/errors.ts';
import { asObject, parseJson } from '../core/json.ts';
import type { Limits } from '../core/limits.ts';
import type { ImageFiles } from './image-files.ts';
import { isIndexDocument, parseIndex, parseManifest } from './manifest.ts';
import type { Descriptor } from './model.ts';
import { blobName, chooseByName, type LayoutSelection, refName } from './sources/oci-layout.ts';
import type { ImageStore } from './transfer.ts';
import { openLayerBlob } from './transfer-blob.ts';

/** The images of an OCI layout (image specification, image-layout.md), in a folder or in a plain archive. */
export function layoutStore(files: ImageFiles, selection: LayoutSelection): ImageStore {
  const { limits } = selection;
  const top = async (): Promise<readonly Descriptor[]> =>
    parseIndex(await files.read('index.json', limits.documentBytes), `${files.path}:index.json`);
  let referring: Promise<ReadonlyMap<Digest, readonly Descriptor[]>> | undefined;
  return {
    name: files.path,
    roots: async () => chooseByName(await top(), files, selection),
    manifest: (descriptor) => readManifest(files, descriptor, limits),
    blob: ({ digest }) => {
      const blob = files.blob(blobName(digest));
      return blob === undefined ? undefined : openLayerBlob(blob);
    },
    referrers: async (subject) => {
      referring ??= top().then((entries) => bySubject(files, entries, limits));
      return (await referring).get(subject) ?? [];
    },
    tagged: async (tag) => (await top()).find(({ annotations }) => annotations?.[refName] === tag),
    close: () => files.close(),
  };
}

async function readManifest(files: ImageFiles, { digest }: Descriptor, limits: Limits): Promise<Uint8Array> {
  return files.read(blobName(digest), limits.documentBytes);
}

/** The manifests of index.json that have a subject, by its digest. */
async function bySubject(
  files: ImageFiles,
  entries: readonly Descriptor[],
  limits: Limits,
): Promise<ReadonlyMap<Digest, readonly Descriptor[]>> {
  const found = new Map<Digest, Descriptor[]>();
  for (const entry of entries) {
    const subject = await subjectOf(files, entry, limits);
    if (subject !== undefined) found.set(subject, [...(found.get(subject) ?? []), entry]);
  }
  return found;
}

/** What cannot be read refers to nothing. */
async function subjectOf(files: ImageFiles, entry: Descriptor, limits: Limits): Promise<Digest | undefined> {
  try {
    const bytes = await readManifest(files, entry, limits);
    const document = asObject(parseJson(bytes, entry.digest));
    if (document === undefined || isIndexDocument(document)) return undefined;
    return parseManifest(bytes, entry.digest).subject?.digest;
  } catch (error) {
    if (isCinzelError(error)) return undefined;
    throw error;
  }
}
