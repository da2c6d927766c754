import type { Digest } from '../core/digest.ts';
import { asObject, asString, parseJson } from '../core/json.ts';
import type { Subject } from '../core/subjects.ts';

export const simpleSigningType = 'application/vnd.dev.cosign.simplesigning.v1+json';

const cosignType = 'cosign container image signature';

/** What cosign signs of an image (SIGNATURE_SPEC.md, "Simple Signing"). `repository` is where the signer says it is. */
export function simpleSigningPayload(digest: Digest, repository: string): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': repository },
        image: { 'docker-manifest-digest': digest },
        type: cosignType,
      },
      optional: null,
    }),
  );
}

/** The digest that a payload speaks of; undefined when it is no such payload. Throws `untrusted.malformed`. */
export function signedDigest(payload: Uint8Array, what: Subject): string | undefined {
  const critical = asObject(asObject(parseJson(payload, what))?.['critical']);
  if (asString(critical?.['type']) !== cosignType) return undefined;
  return asString(asObject(critical?.['image'])?.['docker-manifest-digest']);
}
