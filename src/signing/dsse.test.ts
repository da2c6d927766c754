import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { openEnvelope, signEnvelope } from './dsse.ts';
import type { Signer } from './image-keys/signer.ts';

/** A "signature" that shows what was signed. */
const echo: Signer['sign'] = (data) => Uint8Array.from(data);
const signer = { sign: echo } as Signer;
const isEcho = (data: Uint8Array, signature: Uint8Array) => Buffer.compare(data, signature) === 0;

it('signs the bytes that the specification gives as its example', () => {
  const envelope = JSON.parse(
    Buffer.from(signEnvelope(Buffer.from('hello world'), 'http://example.com/HelloWorld', signer)).toString('utf8'),
  );
  expect(envelope).toMatchObject({ payload: 'aGVsbG8gd29ybGQ=', payloadType: 'http://example.com/HelloWorld' });
  const signed = Buffer.from(envelope.signatures[0].sig, 'base64').toString('utf8');
  expect(signed).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

it('counts bytes and not characters', () => {
  const bytes = signEnvelope(Buffer.from('é'), 'ç', signer);
  const signed = Buffer.from(JSON.parse(Buffer.from(bytes).toString()).signatures[0].sig, 'base64').toString('utf8');
  expect(signed).toBe('DSSEv1 2 ç 2 é');
});

it('opens what is signed, by any of its signatures, in either form of base64', () => {
  const bytes = signEnvelope(Buffer.from('??>>~~'), 'type', signer);
  expect(openEnvelope(bytes, isEcho, 'it')).toMatchObject({ payloadType: 'type' });
  const envelope = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const urlSafe = { ...envelope, payload: Buffer.from('??>>~~').toString('base64url') };
  const more = { ...urlSafe, signatures: [{ sig: 'AAAA' }, {}, 7, ...envelope.signatures] };
  expect(Buffer.from(openEnvelope(Buffer.from(JSON.stringify(more)), isEcho, 'it')?.payload ?? '').toString()).toBe(
    '??>>~~',
  );
});

it.each([
  '{}',
  '[]',
  '{"payload":7,"signatures":{}}',
  '{"payload":"aGk=","payloadType":"t","signatures":[{"sig":""}]}',
])('does not open %s', (text) => {
  const verifier = (data: Uint8Array, signature: Uint8Array) =>
    createHash('sha256').update(data).digest().equals(signature);
  expect(openEnvelope(Buffer.from(text), verifier, 'it')).toBeUndefined();
});
