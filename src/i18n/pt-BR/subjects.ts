import type { Subject } from '../../core/subjects.ts';
import { type SubjectMessages, subjectText } from '../subject-text.ts';

export const subjects: SubjectMessages = {
  layer: ({ layer }) => `camada ${layer}`,
  'layer-blob': ({ layer }) => `blob da camada ${layer}`,
  'layer-path': ({ layer }) => `um caminho da camada ${layer}`,
  'layer-of-digest': ({ digest }) => `camada ${digest}`,
  'foreign-layer': ({ digest }) =>
    `a camada externa ${digest}, cujos bytes não estão na imagem, no formato de um engine`,
  'compressed-layer': ({ compression }) => `uma camada comprimida com ${compression}`,
  blob: ({ digest }) => `blob ${digest}`,
  image: () => 'a imagem',
  configuration: ({ of }) => `${begin(of)}configuração`,
  manifest: ({ of, reference }) => `${begin(of)}manifesto${reference === undefined ? '' : ` ${reference}`}`,
  index: ({ of }) => `${begin(of)}índice`,
  referrers: ({ of, digest }) => `${begin(of)}referenciadores de ${digest}`,
  tags: ({ of }) => `${begin(of)}lista de tags`,
  'token-service': ({ host }) => `serviço de tokens de ${host}`,
  challenge: ({ host }) => `desafio de ${host}`,
  suite: ({ suite }) => `suíte ${suite}`,
  'suite-index': ({ suite }) => `índice de ${suite}`,
  'index-file': ({ path }) => `índice ${path}`,
  package: ({ name, version }) => `pacote ${name}${version === undefined ? '' : ` na versão ${version}`}`,
  repository: ({ name }) => `repositório "${name}"`,
  interpreter: ({ program, of }) => `${program}, necessário para iniciar ${of}`,
  entrypoint: ({ program }) => `ponto de entrada ${program}`,
  user: ({ name }) => `usuário ${name}`,
  key: ({ path }) => `chave ${path}`,
  recipe: ({ path }) => `receita ${path}`,
  'package-of-hash': ({ sha256 }) => `pacote com SHA-256 ${sha256}`,
  inside: ({ name, of }) => `${name} em ${of}`,
  'compressed-data': () => 'dados comprimidos',
  part: ({ of, part }) => `${ofSubject(of)}: ${part}`,
};

export const ofSubject = subjectText(subjects);

function begin(of: Subject | undefined): string {
  return of === undefined ? '' : `${ofSubject(of)}: `;
}
