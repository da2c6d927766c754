import { readFile } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import { systemProblem } from '../core/system-problem.ts';
import { addCompanions } from '../image/attachments/companion.ts';
import type { Descriptor } from '../image/model.ts';
import type { ImageSink } from '../image/transfer.ts';
import { envelopeType, signEnvelope } from '../signing/dsse.ts';
import { readSigner, type Signer } from '../signing/image-keys/signer.ts';
import { simpleSigningPayload, simpleSigningType } from '../signing/simple-signing.ts';
import { statement, statementType } from '../signing/statement.ts';
import type { ImageDocument } from './attach-documents.ts';
import type { Toolbox } from './toolbox.ts';

/** The annotation in which cosign keeps a signature. */
export const signatureAnnotation = 'dev.cosignproject.cosign/signature';

/** Who signs, and what the image is called by whom. */
export interface Signing {
  readonly signer: Signer;
  /** The repository that the signer says the image is of; empty where it has none. */
  readonly repository: string;
}

/** Opens a private key; the password of an encrypted one is where cosign looks for it. Throws `usage.key`. */
export async function openSigner(path: string, { environment }: Toolbox): Promise<Signer> {
  const password = environment['COSIGN_PASSWORD'];
  return readSigner({ bytes: await readKeyFile(path), path, ...(password === undefined ? {} : { password }) });
}

export async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CinzelError('environment.not-found', { what: { kind: 'key', path } }, { cause });
    throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
  }
}

/** Signs a manifest or an index that was put into the sink. The caller commits. */
export async function signManifest(
  sink: ImageSink,
  manifest: Descriptor,
  { signer, repository }: Signing,
): Promise<void> {
  const bytes = simpleSigningPayload(manifest.digest, repository);
  const signature = Buffer.from(signer.sign(bytes)).toString('base64');
  const annotations = { [signatureAnnotation]: signature };
  await addCompanions(sink, manifest, 'sig', [{ mediaType: simpleSigningType, bytes, annotations }]);
}

/** Signs what documents say about a manifest that was put into the sink. The caller commits. */
export async function attestManifest(
  sink: ImageSink,
  { name, manifest }: { readonly name: string; readonly manifest: Descriptor },
  documents: readonly ImageDocument[],
  { signer }: Signing,
): Promise<void> {
  const layers = documents.map(({ predicateType, bytes }) => {
    const said = statement({ name, digest: manifest.digest }, predicateType, parseJson(bytes, predicateType));
    return {
      mediaType: envelopeType,
      bytes: signEnvelope(said, statementType, signer),
      // Cosign looks for the first, and finds by the second what is attested.
      annotations: { [signatureAnnotation]: '', predicateType },
    };
  });
  if (layers.length > 0) await addCompanions(sink, manifest, 'att', layers);
}
