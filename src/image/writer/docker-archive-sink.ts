import type { Context } from '../../core/context.ts';
import { writing } from '../../core/write-fault.ts';
import type { ImageSink } from '../transfer.ts';
import { writeDockerArchive } from './docker-archive.ts';
import { openPendingFile } from './pending-file.ts';
import { singleImageSink } from './single-image-sink.ts';

export interface DockerArchiveOptions {
  readonly context: Context;
  /** Repository and tag that the image gets where the archive is loaded. */
  readonly name?: string;
}

/** Writes one image as a Docker archive, which replaces a file that is there. */
export async function openDockerArchiveSink(path: string, { context, name }: DockerArchiveOptions): Promise<ImageSink> {
  const pending = await openPendingFile(path);
  return singleImageSink(
    context,
    (image) =>
      writing(path, async () => {
        await writeDockerArchive(pending.handle, image, { name, context });
        await pending.commit();
      }),
    () => pending.close(),
  );
}
