import type { Subject } from '../../core/subjects.ts';
import { type SubjectMessages, subjectText } from '../subject-text.ts';

export const subjects: SubjectMessages = {
  layer: ({ layer }) => `Layer ${layer}`,
  'layer-blob': ({ layer }) => `The blob of layer ${layer}`,
  'layer-path': ({ layer }) => `A path in layer ${layer}`,
  'layer-of-digest': ({ digest }) => `The layer ${digest}`,
  'foreign-layer': ({ digest }) =>
    `The foreign layer ${digest}, whose bytes are not in the image, in an engine's format`,
  'compressed-layer': ({ compression }) => `A layer compressed with ${compression}`,
  blob: ({ digest }) => `The blob ${digest}`,
  image: () => 'The image',
  configuration: ({ of }) => `${begin(of)} configuration`,
  manifest: ({ of, reference }) => `${begin(of)} manifest${reference === undefined ? '' : ` ${reference}`}`,
  index: ({ of }) => `${begin(of)} index`,
  referrers: ({ of, digest }) => `${begin(of)} referrers of ${digest}`,
  tags: ({ of }) => `${begin(of)} list of tags`,
  'token-service': ({ host }) => `The token service of ${host}`,
  challenge: ({ host }) => `The challenge of ${host}`,
  suite: ({ suite }) => `The suite ${suite}`,
  'suite-index': ({ suite }) => `The index of ${suite}`,
  'index-file': ({ path }) => `The index ${path}`,
  package: ({ name, version }) => `The package ${name}${version === undefined ? '' : ` in version ${version}`}`,
  repository: ({ name }) => `The repository "${name}"`,
  interpreter: ({ program, of }) => `${program}, which is needed to start ${of},`,
  entrypoint: ({ program }) => `The entrypoint ${program}`,
  user: ({ name }) => `User ${name}`,
  key: ({ path }) => `The key ${path}`,
  recipe: ({ path }) => `The recipe ${path}`,
  'package-of-hash': ({ sha256 }) => `The package with SHA-256 ${sha256}`,
  inside: ({ name, of }) => `${name} in ${of}`,
  'compressed-data': () => 'A compressed stream',
  part: ({ of, part }) => `${ofSubject(of)}: ${part}`,
};

export const ofSubject = subjectText(subjects);

function begin(of: Subject | undefined): string {
  return of === undefined ? 'The' : `${ofSubject(of)}: the`;
}
