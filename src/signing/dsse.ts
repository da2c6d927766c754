import { asArray, asObject, asString, parseJson } from '../core/json.ts';
import type { Signer } from './image-keys/signer.ts';
import type { Verifier } from './image-keys/verifier.ts';

export const envelopeType = 'application/vnd.dsse.envelope.v1+json';

/** Wraps a payload in a signed envelope (DSSE 1.0, envelope.md). */
export function signEnvelope(payload: Uint8Array, payloadType: string, signer: Signer): Uint8Array {
  const signature = signer.sign(preAuthenticated(payloadType, payload));
  return Buffer.from(
    JSON.stringify({
      payloadType,
      payload: Buffer.from(payload).toString('base64'),
      signatures: [{ keyid: '', sig: Buffer.from(signature).toString('base64') }],
    }),
  );
}

/** What an envelope holds. */
export interface Envelope {
  readonly payload: Uint8Array;
  readonly payloadType: string;
}

/** The content of an envelope when one of its signatures is the verifier's. Throws `untrusted.malformed` for what is no JSON. */
export function openEnvelope(bytes: Uint8Array, verifier: Verifier, what: string): Envelope | undefined {
  const envelope = asObject(parseJson(bytes, what));
  const payloadType = asString(envelope?.['payloadType']) ?? '';
  const payload = fromBase64(asString(envelope?.['payload']) ?? '');
  const signed = preAuthenticated(payloadType, payload);
  const good = asArray(envelope?.['signatures']).some((item) =>
    verifier(signed, fromBase64(asString(asObject(item)?.['sig']) ?? '')),
  );
  return good ? { payload, payloadType } : undefined;
}

/** The bytes that are signed (DSSE 1.0, protocol.md, "PAE"). */
function preAuthenticated(payloadType: string, payload: Uint8Array): Uint8Array {
  const start = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(start), payload]);
}

/** Standard or URL-safe: verifiers must take either, and so does Node. */
function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}
