import { CinzelError } from '../../core/errors.ts';
import { asArray, asObject, asString, isObject, type JsonObject, type JsonValue, parseJson } from '../../core/json.ts';
import type { Descriptor } from '../model.ts';
import { refName } from '../sources/oci-layout.ts';
import { descriptorJson } from '../transfer-manifest.ts';

/** An entry of a layout's index.json: an image under its tag, or a manifest that refers to one. */
export interface LayoutEntry {
  readonly descriptor: Descriptor;
  readonly tag?: string;
}

const emptyIndex = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };

/** Bytes of the file `oci-layout` (image specification, image-layout.md). */
export const layoutMarker: Uint8Array = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/**
 * The bytes of index.json with these entries: each replaces the one of its tag, or of its digest when it has no tag.
 * Everything else stays as it is. Throws `untrusted.malformed` when the old bytes are no index.
 */
export function updateLayoutIndex(
  old: Uint8Array | undefined,
  entries: readonly LayoutEntry[],
  what: string,
): Uint8Array {
  const index = old === undefined ? emptyIndex : readIndex(old, what);
  const manifests = entries.reduce<readonly JsonValue[]>(place, asArray(index.manifests));
  return Buffer.from(JSON.stringify({ ...index, manifests }));
}

function readIndex(bytes: Uint8Array, what: string): JsonObject & { readonly manifests: JsonValue | undefined } {
  const document = parseJson(bytes, what);
  if (!isObject(document) || !Array.isArray(document['manifests'])) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-manifests' });
  }
  return { ...document, manifests: document['manifests'] };
}

function place(manifests: readonly JsonValue[], entry: LayoutEntry): readonly JsonValue[] {
  const made = entryJson(entry);
  const isReplaced = (value: JsonValue): boolean => {
    const tag = tagOf(value);
    return entry.tag === undefined
      ? tag === undefined && digestOf(value) === entry.descriptor.digest
      : tag === entry.tag;
  };
  const at = manifests.findIndex(isReplaced);
  if (at < 0) return [...manifests, made];
  return manifests.flatMap((value, index) => (index === at ? [made] : isReplaced(value) ? [] : [value]));
}

function entryJson({ descriptor, tag }: LayoutEntry): JsonObject {
  const { annotations: _, ...own } = descriptor;
  const annotations = tag === undefined ? {} : { annotations: { [refName]: tag } };
  return descriptorJson({ ...own, ...annotations }) as JsonObject;
}

/** The tag of an entry of index.json. */
export function tagOf(value: JsonValue): string | undefined {
  return asString(asObject(asObject(value)?.['annotations'])?.[refName]);
}

function digestOf(value: JsonValue): string | undefined {
  return asString(asObject(value)?.['digest']);
}
