import { type Digest, isDigest } from '../../core/digest.ts';
import { isCinzelError } from '../../core/errors.ts';
import { asArray, asObject, asString, type JsonObject, type JsonValue, parseJson } from '../../core/json.ts';
import { companionTags } from '../companion-tags.ts';
import { tagOf } from './layout-index.ts';

type ReadManifest = (digest: Digest) => Promise<Uint8Array | undefined>;

/**
 * The bytes of index.json without what refers to images that the old one named and the new one does not: SBOMs,
 * provenance and signatures of an image whose tag went to another, also under the tags that cosign gives them. What
 * refers to those goes too; blobs stay, since another writer may be about to name them.
 */
export async function dropOrphanedReferrers(
  old: Uint8Array | undefined,
  updated: Uint8Array,
  read: ReadManifest,
): Promise<Uint8Array> {
  if (old === undefined) return updated;
  const index = asObject(parseJson(updated, 'index.json')) ?? {};
  const entries = asArray(index['manifests']);
  const kept = new Set(await withContents(digestsOf(entries), read));
  const before = await withContents(digestsOf(asArray(asObject(parseJson(old, 'index.json'))?.['manifests'])), read);
  const gone = new Set(before.filter((digest) => !kept.has(digest)));
  if (gone.size === 0) return updated;
  const subjects = await subjectsOf(entries, read);
  for (let found = true; found; ) {
    found = false;
    for (const [digest, subject] of subjects) {
      if (gone.has(digest) || !gone.has(subject)) continue;
      gone.add(digest);
      found = true;
    }
  }
  const companions = new Set([...gone].flatMap(companionTags));
  const manifests = entries.filter((entry) => {
    const digest = digestOf(entry);
    return (digest === undefined || !gone.has(digest)) && !companions.has(tagOf(entry) ?? '');
  });
  return Buffer.from(JSON.stringify({ ...index, manifests }));
}

function digestOf(entry: JsonValue | undefined): Digest | undefined {
  const digest = asString(asObject(entry)?.['digest']);
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}

function digestsOf(entries: readonly JsonValue[]): readonly Digest[] {
  return entries.flatMap((entry) => digestOf(entry) ?? []);
}

/** The manifests, and those that indexes among them name. */
async function withContents(digests: readonly Digest[], read: ReadManifest): Promise<readonly Digest[]> {
  const found = new Set<Digest>();
  const waiting = [...digests];
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    if (found.has(digest)) continue;
    found.add(digest);
    waiting.push(...digestsOf(asArray((await documentOf(digest, read))['manifests'])));
  }
  return [...found];
}

/** What each manifest without a tag refers to (image specification, manifest.md, "subject"). */
async function subjectsOf(entries: readonly JsonValue[], read: ReadManifest): Promise<ReadonlyMap<Digest, Digest>> {
  const subjects = new Map<Digest, Digest>();
  for (const entry of entries) {
    const digest = tagOf(entry) === undefined ? digestOf(entry) : undefined;
    const subject = digest && digestOf((await documentOf(digest, read))['subject']);
    if (digest !== undefined && subject !== undefined) subjects.set(digest, subject);
  }
  return subjects;
}

/** A manifest that cannot be read names nothing. */
async function documentOf(digest: Digest, read: ReadManifest): Promise<JsonObject> {
  const bytes = await read(digest);
  try {
    return (bytes && asObject(parseJson(bytes, digest))) ?? {};
  } catch (error) {
    if (isCinzelError(error)) return {};
    throw error;
  }
}
