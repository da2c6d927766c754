import { compareText } from '../../core/compare-text.ts';
import { type Digest, isDigest, sha256 } from '../../core/digest.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import { asObject, asString, type JsonObject, parseJson } from '../../core/json.ts';
import { mediaTypes, parseIndex } from '../manifest.ts';
import type { Descriptor } from '../model.ts';
import type { Connection } from './connection.ts';
import { nextPage } from './link.ts';
import { getManifest, type ManifestToPut, putManifest } from './manifests.ts';

const pageLimit = 1000;

/**
 * What refers to a manifest: signatures, SBOMs, attestations (distribution specification, "Listing Referrers"); from
 * the tag that stands for the list where the registry has no such API ("Referrers Tag Schema").
 */
export async function listReferrers(
  connection: Connection,
  subject: Digest,
  limit: number,
): Promise<readonly Descriptor[]> {
  const found = new Map<string, Descriptor>();
  let url: URL | undefined = await connection.url(`referrers/${subject}`);
  const what = { kind: 'referrers', of: connection.label, digest: subject } as const;
  for (let page = 0; url !== undefined; page++) {
    if (page >= pageLimit) throw new CinzelError('untrusted.malformed', { what, problem: 'endless' });
    const answer = await connection.send(url, {
      headers: { accept: mediaTypes.ociIndex },
      scope: connection.scope('pull'),
      accept: [404],
    });
    if (answer.status === 404) {
      await answer.discard();
      return readTag(connection, subject, limit);
    }
    for (const item of parseIndex(await answer.bytes(limit), what)) found.set(item.digest, item);
    url = nextPage(answer.headers['link'], url);
  }
  return [...found.values()];
}

function tagOf(subject: Digest): string {
  return subject.replace(':', '-');
}

async function readTag(connection: Connection, subject: Digest, limit: number): Promise<readonly Descriptor[]> {
  try {
    const { bytes } = await getManifest(connection, tagOf(subject), limit);
    return parseIndex(bytes, `${connection.label}:${tagOf(subject)}`);
  } catch (error) {
    if (isCinzelError(error, 'environment.not-found')) return [];
    throw error;
  }
}

/**
 * Adds a manifest that has a subject to the tag that lists its subject's referrers, for a registry that does not do so
 * itself. Two that do this at once may lose one entry: the specification offers no lock.
 */
export async function addReferrer(connection: Connection, stored: ManifestToPut, limit: number): Promise<void> {
  const document = asObject(parseJson(stored.bytes, `${connection.label}: the manifest`));
  const subject = asObject(document?.['subject'])?.['digest'];
  if (document === undefined || !isDigest(subject)) return;
  const added = describe(stored, document);
  const listed = await readTag(connection, subject, limit);
  if (listed.some(({ digest }) => digest === added.digest)) return;
  const manifests = [...listed, added].sort((a, b) => compareText(a.digest, b.digest));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
  await putManifest(connection, tagOf(subject), { mediaType: mediaTypes.ociIndex, bytes });
}

/** What the list says of a referrer; the type of an artifact that does not tell is its configuration's. */
function describe({ mediaType, bytes }: ManifestToPut, document: JsonObject): Descriptor {
  const artifactType = asString(document['artifactType']) || asString(asObject(document['config'])?.['mediaType']);
  const annotations = asObject(document['annotations']) as Descriptor['annotations'];
  return {
    mediaType,
    digest: sha256(bytes),
    size: bytes.length,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}
