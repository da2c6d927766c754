import { type Digest, digestHex } from '../core/digest.ts';
import { CinzelError, type SignatureProblem } from '../core/errors.ts';
import { asArray, asObject, asString, parseJson } from '../core/json.ts';
import { type CompanionKind, companionTag } from '../image/companion-tags.ts';
import { isIndexType, parseIndex, parseManifest } from '../image/manifest.ts';
import type { Descriptor } from '../image/model.ts';
import type { ImageStore } from '../image/transfer.ts';
import { collectBytes } from '../image/transfer-blob.ts';
import { lacking, readDocument } from '../image/transfer-choose.ts';
import { verified } from '../image/transfer-verify.ts';
import { openEnvelope } from '../signing/dsse.ts';
import { readVerifier, type Verifier } from '../signing/image-keys/verifier.ts';
import { signedDigest } from '../signing/simple-signing.ts';
import { statementType } from '../signing/statement.ts';
import { openCopySource } from './copy-source.ts';
import { readKeyFile, signatureAnnotation } from './sign-image.ts';
import type { Toolbox } from './toolbox.ts';

export interface VerifyOptions {
  /** File of the public key. */
  readonly key: string;
  /** Predicate types, or the short names of them, that each image must have an attestation of. */
  readonly attestations: readonly string[];
}

/** What was proved of an image. */
export interface Verification {
  readonly schemaVersion: 1;
  /** Of the manifest or index that the reference names. */
  readonly digest: Digest;
  /** Signatures of the key; more than one when it signed with other claims. */
  readonly signatures: number;
  /** What the key's holder attests, of the image or of the images that the index names. */
  readonly attestations: readonly { readonly predicateType: string; readonly digest: Digest }[];
  /** Attestations that are not of the key. */
  readonly otherAttestations: number;
}

/** The short names that cosign gives to predicate types. */
const predicateTypes: Readonly<Record<string, string>> = {
  slsaprovenance: 'https://slsa.dev/provenance/v1',
  spdx: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  openvex: 'https://openvex.dev/ns/v0.2.0',
};

/**
 * Proves that the holder of a key signed what a reference names, and tells what is attested about it. Throws
 * `untrusted.image-signature`.
 */
export async function verifyImage(reference: string, options: VerifyOptions, toolbox: Toolbox): Promise<Verification> {
  const verifier = readVerifier({ bytes: await readKeyFile(options.key), path: options.key });
  const { store } = await openCopySource(reference, { beyondOneImage: true }, toolbox);
  try {
    const [root] = await store.roots();
    if (root === undefined) throw new CinzelError('untrusted.not-an-image', { path: reference });
    const checking = { store, verifier, toolbox };
    const signatures = await checkSignatures(checking, root);
    const found = { attestations: [] as Attested[], others: 0 };
    for (const image of await imagesOf(store, root)) {
      const { attested, others } = await checkAttestations(checking, image, options.attestations);
      found.attestations.push(...attested);
      found.others += others;
    }
    const { attestations, others: otherAttestations } = found;
    return { schemaVersion: 1, digest: root.digest, signatures, attestations, otherAttestations };
  } finally {
    await store.close();
  }
}

interface Checking {
  readonly store: ImageStore;
  readonly verifier: Verifier;
  readonly toolbox: Toolbox;
}

type Attested = Verification['attestations'][number];

/** How many signatures of the manifest are of the key; there must be one. */
async function checkSignatures(checking: Checking, manifest: Descriptor): Promise<number> {
  const { store, verifier } = checking;
  const layers = await companionLayers(checking, manifest, 'sig');
  if (layers.length === 0) throw unproved(store, manifest, { kind: 'none' });
  let good = 0;
  let other: string | undefined;
  for (const { descriptor, bytes } of layers) {
    const signature = Buffer.from(descriptor.annotations?.[signatureAnnotation] ?? '', 'base64');
    if (!verifier(bytes, signature)) continue;
    const digest = signedDigest(bytes, `${store.name}: ${descriptor.digest}`);
    if (digest === manifest.digest) good++;
    else other = digest ?? '?';
  }
  if (good > 0) return good;
  if (other !== undefined) throw unproved(store, manifest, { kind: 'other-image', digest: other });
  throw unproved(store, manifest, { kind: 'other-key', count: layers.length });
}

async function checkAttestations(
  checking: Checking,
  image: Descriptor,
  wanted: readonly string[],
): Promise<{ readonly attested: readonly Attested[]; readonly others: number }> {
  const { store, verifier } = checking;
  const attested: Attested[] = [];
  const layers = await companionLayers(checking, image, 'att');
  for (const { descriptor, bytes } of layers) {
    const envelope = openEnvelope(bytes, verifier, `${store.name}: ${descriptor.digest}`);
    if (envelope?.payloadType !== statementType) continue;
    const said = asObject(parseJson(envelope.payload, `${store.name}: ${descriptor.digest}`));
    const predicateType = asString(said?.['predicateType']) ?? '';
    if (!asArray(said?.['subject']).some((subject) => speaksOf(subject, image.digest))) {
      throw unproved(store, image, { kind: 'attestation-of-other-image', type: predicateType });
    }
    attested.push({ predicateType, digest: image.digest });
  }
  for (const type of wanted.map((name) => predicateTypes[name] ?? name)) {
    if (attested.some(({ predicateType }) => predicateType === type)) continue;
    throw unproved(store, image, { kind: 'no-attestation', type });
  }
  if (layers.length > 0 && attested.length === 0) {
    throw unproved(store, image, { kind: 'attestations-of-other-key', count: layers.length });
  }
  return { attested, others: layers.length - attested.length };
}

function speaksOf(subject: Parameters<typeof asObject>[0], digest: Digest): boolean {
  const digests = asObject(asObject(subject)?.['digest']);
  return asString(digests?.['sha256']) === digestHex(digest);
}

/** The images of an index, without what is for no platform, such as what BuildKit attests; else the one itself. */
async function imagesOf(store: ImageStore, root: Descriptor): Promise<readonly Descriptor[]> {
  const { bytes, descriptor } = await readDocument(store, root);
  if (!isIndexType(descriptor.mediaType)) return [descriptor];
  return parseIndex(bytes, store.name).filter(({ platform }) => platform?.os !== 'unknown');
}

interface CompanionBlob {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** What cosign's tag of a manifest holds, each blob checked against its digest. */
async function companionLayers(
  { store, toolbox: { context } }: Checking,
  manifest: Descriptor,
  kind: CompanionKind,
): Promise<readonly CompanionBlob[]> {
  const companion = await store.tagged(companionTag(manifest.digest, kind));
  if (companion === undefined) return [];
  const { bytes } = await readDocument(store, companion);
  const blobs: CompanionBlob[] = [];
  for (const descriptor of parseManifest(bytes, store.name).layers) {
    const what = `${store.name}: ${descriptor.digest}`;
    const open = store.blob(descriptor);
    if (open === undefined) throw lacking(store, descriptor);
    const content = verified(open(context.signal), descriptor, what);
    blobs.push({ descriptor, bytes: await collectBytes(content, context.limits.documentBytes, what) });
  }
  return blobs;
}

function unproved({ name }: ImageStore, { digest }: Descriptor, reason: SignatureProblem): CinzelError {
  const image = name.includes('@') ? name : `${name}@${digest}`;
  return new CinzelError('untrusted.image-signature', { image, reason });
}
