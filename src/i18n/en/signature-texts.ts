import type { KeyProblem, SignatureProblem } from '../../core/errors.ts';
import type { Sentence } from '../catalogue.ts';

export function keyText(path: string, problem: KeyProblem): string {
  switch (problem) {
    case 'no-private-key':
      return `${path} holds no private key in PEM.`;
    case 'no-public-key':
      return `${path} holds no public key in PEM.`;
    case 'no-password':
      return `The key ${path} is encrypted: set its password in COSIGN_PASSWORD.`;
    case 'password':
      return `The key ${path} cannot be decrypted: its password is another, or it is damaged.`;
    case 'kind':
      return `The key ${path} is of a kind that is not supported: it must be ECDSA P-256, RSA or Ed25519.`;
  }
}

export function signatureText(image: string, problem: SignatureProblem): Sentence {
  switch (problem.kind) {
    case 'none':
      return {
        message: `${image} is not signed.`,
        hint: 'Signatures are looked for where cosign keeps them: under the tag sha256-….sig beside the image.',
      };
    case 'other-key':
      return { message: `${image} is signed, but not by this key (signatures: ${problem.count}).` };
    case 'other-image':
      return { message: `The signature at ${image} is of another image: ${problem.digest}.` };
    case 'no-attestation':
      return { message: `${image} has no attestation of ${problem.type} by this key.` };
    case 'attestations-of-other-key':
      return { message: `${image} has attestations, but none by this key (attestations: ${problem.count}).` };
    case 'attestation-of-other-image':
      return { message: `The attestation of ${problem.type} at ${image} is of another image.` };
  }
}
