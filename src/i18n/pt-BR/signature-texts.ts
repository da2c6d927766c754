import type { KeyProblem, SignatureProblem } from '../../core/errors.ts';
import type { Sentence } from '../catalogue.ts';

export function keyText(path: string, problem: KeyProblem): string {
  switch (problem) {
    case 'no-private-key':
      return `${path} não contém uma chave privada em PEM.`;
    case 'no-public-key':
      return `${path} não contém uma chave pública em PEM.`;
    case 'no-password':
      return `A chave ${path} está cifrada: ponha a senha dela em COSIGN_PASSWORD.`;
    case 'password':
      return `A chave ${path} não pode ser decifrada: a senha é outra, ou ela está danificada.`;
    case 'kind':
      return `A chave ${path} é de um tipo sem suporte: deve ser ECDSA P-256, RSA ou Ed25519.`;
  }
}

export function signatureText(image: string, problem: SignatureProblem): Sentence {
  switch (problem.kind) {
    case 'none':
      return {
        message: `${image} não está assinada.`,
        hint: 'Assinaturas são procuradas onde o cosign as guarda: na tag sha256-….sig ao lado da imagem.',
      };
    case 'other-key':
      return { message: `${image} está assinada, mas não por esta chave (assinaturas: ${problem.count}).` };
    case 'other-image':
      return { message: `A assinatura em ${image} é de outra imagem: ${problem.digest}.` };
    case 'no-attestation':
      return { message: `${image} não tem atestado de ${problem.type} por esta chave.` };
    case 'attestations-of-other-key':
      return { message: `${image} tem atestados, mas nenhum por esta chave (atestados: ${problem.count}).` };
    case 'attestation-of-other-image':
      return { message: `O atestado de ${problem.type} em ${image} é de outra imagem.` };
  }
}
