import type { Destination } from '../image/destination.ts';
import { parseManifest } from '../image/manifest.ts';
import { writeImages } from '../image/writer/write-images.ts';
import type { ImageDocument } from './attach-documents.ts';
import type { SlimImage } from './make-slim-image.ts';
import type { MadeImage } from './new-image-sboms.ts';
import { openDestination, writtenName } from './open-destination.ts';
import { proveImages } from './prove-images.ts';
import type { Signing } from './sign-image.ts';
import { isFileName, slimName } from './slim-name.ts';
import type { SlimOptions } from './slim-options.ts';
import type { SlimReport } from './slim-report.ts';
import type { SlimSubject } from './slim-subject.ts';
import type { Toolbox } from './toolbox.ts';

/** A slimmed image with what is said of it. */
export interface SlimWriting {
  readonly slim: SlimImage;
  readonly subject: SlimSubject;
  readonly report: SlimReport;
  readonly options: SlimOptions;
  readonly destination: Destination;
  readonly signing: Signing | undefined;
}

/** Writes a slimmed image with its documents and its signature. */
export async function writeSlim(writing: SlimWriting, toolbox: Toolbox): Promise<NonNullable<SlimReport['written']>> {
  const { slim, subject, options, destination, signing } = writing;
  const { made, shared } = slim;
  const { image } = subject;
  const { name: imageName, tag } = slimName(image.name, options.tag, tagOf(destination));
  const called = writtenName(destination, { name: imageName, tag });
  const sink = await openDestination(destination, { imageName }, toolbox);
  try {
    const written = await writeImages(sink, [made], tag);
    const [manifest] = written.manifests;
    await proveImages(sink, written, {
      name: called.name,
      documents: async () =>
        options.documents === false || manifest === undefined
          ? []
          : documentsOf({ ...called, image: made, manifest }, writing, toolbox),
      ...(signing === undefined ? {} : { signing }),
    });
    await sink.commit();
    const { descriptor, bytes } = written.tagged;
    const digest = sink.holds === 'manifests' ? descriptor.digest : parseManifest(bytes, 'The manifest').config.digest;
    return { digest, tag, layers: made.layers.length, shared };
  } finally {
    await sink.close();
  }
}

async function documentsOf(
  made: MadeImage,
  { subject: { image, inventory }, report, options }: SlimWriting,
  toolbox: Toolbox,
): Promise<readonly ImageDocument[]> {
  const { documentSlim } = await import('./document-slim.ts');
  const { application, strict, user, compression } = options;
  const sourceDigest = image.digest ?? image.id;
  return documentSlim(
    {
      made,
      ...(isFileName(image.name) ? {} : { source: image.name }),
      ...(sourceDigest === undefined ? {} : { sourceDigest }),
      compression,
      choices: {
        application,
        strict,
        keep: toolbox.configuration.get('keep') ?? [],
        ...(user === undefined ? {} : { user }),
      },
      created: image.created ?? '1970-01-01T00:00:00Z',
      codeGone: report.vulnerabilities?.codeGone ?? [],
      packages: inventory.packages,
    },
    toolbox,
  );
}

/** The tag that the destination itself names. */
function tagOf(destination: Destination): string | undefined {
  if (destination.kind === 'oci' || destination.kind === 'oci-archive') return destination.tag;
  return destination.kind === 'registry' ? destination.name.tag : undefined;
}
