import { type Digest, digestAlgorithm, digestHex } from '../core/digest.ts';

/** The media type of statements, also as the payload of DSSE envelopes. */
export const statementType = 'application/vnd.in-toto+json';

export interface StatementSubject {
  readonly name: string;
  readonly digest: Digest;
}

/** Says something about a subject (in-toto attestation framework, spec/v1/statement.md); equal parts give equal bytes. */
export function statement(subject: StatementSubject, predicateType: string, predicate: unknown): Uint8Array {
  const { name, digest } = subject;
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name, digest: { [digestAlgorithm(digest)]: digestHex(digest) } }],
      predicateType,
      predicate,
    }),
  );
}
