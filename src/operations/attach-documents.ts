import { parseJson } from '../core/json.ts';
import { attach } from '../image/attachments/attach.ts';
import type { Attachment } from '../image/attachments/attachment.ts';
import type { Descriptor } from '../image/model.ts';
import type { ImageSink } from '../image/transfer.ts';
import { type StatementSubject, statement, statementType } from '../signing/statement.ts';

/** A JSON document that says something about an image. */
export interface ImageDocument {
  /** What it says, as in-toto names it: `https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`. */
  readonly predicateType: string;
  readonly bytes: Uint8Array;
  /** The form in which it stands alone: `application/spdx+json`. Without one it is attached inside a statement. */
  readonly mediaType?: string;
}

/** Attaches documents to a manifest that was put into the sink. The caller commits. */
export async function attachDocuments(
  sink: ImageSink,
  { name, manifest }: { readonly name: string; readonly manifest: Descriptor },
  documents: readonly ImageDocument[],
): Promise<void> {
  const subject = { name, digest: manifest.digest };
  await attach(
    sink,
    manifest,
    documents.map((document) => attachment(document, subject)),
  );
}

/** The annotation by which others that attach statements name what they say. */
const predicateAnnotation = 'in-toto.io/predicate-type';

function attachment(document: ImageDocument, subject: StatementSubject): Attachment {
  const { mediaType, predicateType, bytes } = document;
  if (mediaType !== undefined) return { artifactType: mediaType, bytes };
  return {
    artifactType: statementType,
    bytes: statement(subject, predicateType, parseJson(bytes, predicateType)),
    annotations: { [predicateAnnotation]: predicateType },
  };
}
