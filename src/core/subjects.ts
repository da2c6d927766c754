/**
 * What a message speaks of where it has no name that the user gave it. Like problems, a subject carries no text: `i18n/`
 * has the words of each in each language.
 */
export interface SubjectParameters {
  layer: { readonly layer: number };
  /** As it is compressed. */
  'layer-blob': { readonly layer: number };
  'layer-path': { readonly layer: number };
  'layer-of-digest': { readonly digest: string };
  'foreign-layer': { readonly digest: string };
  'compressed-layer': { readonly compression: string };
  blob: { readonly digest: string };
  image: Record<never, never>;
  configuration: { readonly of?: Subject };
  manifest: { readonly of?: Subject; readonly reference?: string };
  index: { readonly of: Subject };
  referrers: { readonly of: Subject; readonly digest: string };
  tags: { readonly of: Subject };
  'token-service': { readonly host: string };
  challenge: { readonly host: string };
  suite: { readonly suite: string };
  'suite-index': { readonly suite: string };
  'index-file': { readonly path: string };
  package: { readonly name: string; readonly version?: string };
  repository: { readonly name: string };
  entrypoint: { readonly program: string };
  /** What starts a program. */
  interpreter: { readonly program: string; readonly of: string };
  user: { readonly name: string };
  key: { readonly path: string };
  recipe: { readonly path: string };
  'package-of-hash': { readonly sha256: string };
  inside: { readonly name: string; readonly of: string };
  'compressed-data': Record<never, never>;
  /** A piece of a subject, in words that are the same everywhere: `config`, `layer 2`. */
  part: { readonly of: Subject; readonly part: string };
}

export type SubjectKind = keyof SubjectParameters;

/** A name, path or address as it is, or something that has none. */
export type Subject =
  | string
  | { readonly [Kind in SubjectKind]: { readonly kind: Kind } & SubjectParameters[Kind] }[SubjectKind];
