import { type Digest, digestAlgorithm, hashFor, isDigest, sha256 } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import type { Subject } from '../../core/subjects.ts';
import { mediaTypes, readMediaType } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import type { Connection } from './connection.ts';

/** A manifest or index as the registry has it, its digest verified. */
export interface FetchedManifest {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

const accepted = {
  accept: [mediaTypes.ociIndex, mediaTypes.ociManifest, mediaTypes.dockerIndex, mediaTypes.dockerManifest].join(', '),
};

/** Gets a manifest by tag or digest. Throws `untrusted.digest` when the bytes are not what was asked for or promised. */
export async function getManifest(connection: Connection, reference: string, limit: number): Promise<FetchedManifest> {
  const answer = await connection.send(await connection.url(`manifests/${reference}`), {
    headers: accepted,
    scope: connection.scope('pull'),
  });
  const bytes = await answer.bytes(limit);
  const what = { kind: 'manifest', of: connection.label, reference } as const;
  const promised = answer.headers['docker-content-digest'];
  const expected = [reference, promised].filter(isDigest);
  for (const digest of expected) checkDigest(bytes, digest, what);
  const mediaType = readMediaType(bytes, answer.headers['content-type'], what);
  return { mediaType, digest: expected[0] ?? sha256(bytes), bytes };
}

function checkDigest(bytes: Uint8Array, expected: Digest, what: Subject): void {
  const actual = `${digestAlgorithm(expected)}:${hashFor(expected).update(bytes).digest('hex')}`;
  if (actual !== expected) throw new CinzelError('untrusted.digest', { what, expected, actual });
}

/** Asks what a tag or digest names, without its bytes. Undefined when there is nothing, or the registry does not tell. */
export async function headManifest(connection: Connection, reference: string): Promise<Descriptor | undefined> {
  const { status, headers } = await connection.send(await connection.url(`manifests/${reference}`), {
    method: 'HEAD',
    headers: accepted,
    scope: connection.scope('pull'),
    accept: [404],
  });
  const digest = headers['docker-content-digest'];
  const size = Number(headers['content-length'] ?? Number.NaN);
  if (status === 404 || !isDigest(digest) || !Number.isSafeInteger(size)) return undefined;
  return { mediaType: headers['content-type']?.split(';')[0]?.trim() ?? '', digest, size };
}

/** What is sent to a registry as a manifest or index. */
export interface ManifestToPut {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Stores a manifest under a tag or its digest. Says whether the registry will list it as its subject's referrer. */
export async function putManifest(
  connection: Connection,
  reference: string,
  { mediaType, bytes }: ManifestToPut,
): Promise<{ readonly digest: Digest; readonly listsReferrer: boolean }> {
  const { headers } = await connection.send(await connection.url(`manifests/${reference}`), {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: () => bytes,
    scope: connection.scope('pull,push'),
  });
  const stored = headers['docker-content-digest'];
  if (isDigest(stored)) {
    checkDigest(bytes, stored, `${connection.label}: the manifest ${reference}`);
  }
  return { digest: sha256(bytes), listsReferrer: headers['oci-subject'] !== undefined };
}
