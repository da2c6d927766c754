import { compareText } from '../../core/compare-text.ts';
import type { Context } from '../../core/context.ts';
import { writing } from '../../core/write-fault.ts';
import type { Descriptor } from '../model.ts';
import { blobName } from '../sources/oci-layout.ts';
import type { ImageSink, OpenBlob } from '../transfer.ts';
import { openBytes } from '../transfer-blob.ts';
import { type LayoutEntry, layoutMarker, updateLayoutIndex } from './layout-index.ts';
import { openPendingFile } from './pending-file.ts';
import { tarFile } from './tar-file.ts';

interface ArchivedBlob {
  readonly descriptor: Descriptor;
  readonly open: OpenBlob;
}

/**
 * Writes an OCI layout as a tar archive, which replaces a file that is there. Blobs are opened when the archive is
 * written, one after the other in the order of their names: equal content gives equal bytes.
 */
export async function openOciArchiveSink(path: string, context: Context): Promise<ImageSink> {
  const pending = await openPendingFile(path);
  const blobs = new Map<string, ArchivedBlob>();
  const entries: LayoutEntry[] = [];
  const put = (descriptor: Descriptor, open: OpenBlob): void => {
    blobs.set(blobName(descriptor.digest), { descriptor, open });
  };
  return {
    holds: 'manifests',
    has: async ({ digest }) => blobs.has(blobName(digest)),
    // The archive is written anew.
    tagged: async () => undefined,
    putBlob: async (descriptor, open) => put(descriptor, open),
    putManifest: async (bytes, descriptor, place) => {
      put(descriptor, openBytes(bytes));
      if (place.kind === 'tagged') entries.push({ descriptor, tag: place.tag });
      if (place.kind === 'referrer') entries.push({ descriptor });
    },
    commit: () =>
      writing(path, async () => {
        const archive = tarFile(pending.handle);
        const folders = new Set([...blobs.keys()].map((name) => name.slice(0, name.lastIndexOf('/'))));
        for (const folder of ['blobs', ...[...folders].sort(compareText)]) await archive.folder(folder);
        for (const [name, { descriptor, open }] of [...blobs].sort(([a], [b]) => compareText(a, b))) {
          await archive.stream(name, descriptor.size, open(context.signal));
        }
        await archive.file('index.json', updateLayoutIndex(undefined, entries, path));
        await archive.file('oci-layout', layoutMarker);
        await archive.end();
        await pending.commit();
      }),
    close: () => pending.close(),
  };
}
