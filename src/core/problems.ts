import type { Subject } from './subjects.ts';

/**
 * What can be wrong with something, with the parameters that its words need. Like errors, a problem carries no text:
 * `i18n/` has the words of each in each language, and they go into the sentence of the error or diagnostic around it.
 */
export interface ProblemParameters {
  'name-unknown': Record<never, never>;
  'name-not-looked-up': Record<never, never>;
  'nothing-listens': Record<never, never>;
  'connection-cut': Record<never, never>;
  'no-such-socket': Record<never, never>;
  'no-socket': Record<never, never>;
  'no-permission': Record<never, never>;
  'no-route': Record<never, never>;
  'no-answer': Record<never, never>;
  'stopped-sending': Record<never, never>;
  'no-tls': Record<never, never>;
  'certificate-expired': Record<never, never>;
  'certificate-self-signed': Record<never, never>;
  'certificate-unverified': Record<never, never>;
  'certificate-other-name': Record<never, never>;
  'no-web-address': Record<never, never>;
  'endless-redirects': Record<never, never>;
  'redirect-leaves-tls': Record<never, never>;
  'answer-cut': { readonly received: number; readonly expected: number };
  'proxy-login': Record<never, never>;
  'proxy-refuses': { readonly status: number };
  'proxy-address': Record<never, never>;
  'answers-status': { readonly status: number };
  refused: Record<never, never>;
  offline: Record<never, never>;
  'not-found': { readonly what: Subject };
  empty: Record<never, never>;
  'nothing-follows': { readonly prefix: string };
  'no-digest': { readonly text: string };
  'no-path-or-tag': Record<never, never>;
  'too-long': Record<never, never>;
  'no-host': { readonly text: string };
  'upper-case': Record<never, never>;
  'no-repository': { readonly text: string };
  'no-tag': { readonly text: string };
  'sbom-without-files': Record<never, never>;
  'sbom-without-image': Record<never, never>;
  'nothing-to-copy': Record<never, never>;
  'no-layout': Record<never, never>;
  'no-folder': Record<never, never>;
  'yaml-repeated-key': Record<never, never>;
  'yaml-documents': Record<never, never>;
  'yaml-tab': Record<never, never>;
  'yaml-unclosed': Record<never, never>;
  'yaml-nested': Record<never, never>;
  'yaml-unquoted': Record<never, never>;
  'yaml-indentation': Record<never, never>;
  'yaml-aliases': Record<never, never>;
  'folder-missing': Record<never, never>;
  folder: Record<never, never>;
  'no-file': Record<never, never>;
  'no-such-file': Record<never, never>;
  'link-loop': Record<never, never>;
  'not-on-image': { readonly key: string };
  'second-base': { readonly others: string };
  'base-twice': Record<never, never>;
  'other-version': { readonly name: string; readonly found: string; readonly wanted: string };
  'other-distribution': { readonly distribution: string };
  'no-keys': Record<never, never>;
  'value-without-keys': { readonly key: string };
  'no-list': { readonly key: string };
  'no-text-or-list': { readonly key: string };
  'unknown-setting': { readonly name: string; readonly near?: string };
  'unknown-key': { readonly key: string; readonly keys: string };
  'no-date': { readonly text: string };
  'no-fix-state': { readonly text: string; readonly states: string };
  'no-condition': Record<never, never>;
  'no-json-object': Record<never, never>;
  'invalid-name': Record<never, never>;
  'exit-code': { readonly status: number };
  at: { readonly place: string; readonly problem: Problem };
  'at-line': { readonly line: number; readonly problem: Problem };
  'long-line': Record<never, never>;
  'no-build-record': Record<never, never>;
  'no-certificate': Record<never, never>;
  'unreadable-content': Record<never, never>;
  'no-elf': Record<never, never>;
  'elf-class': Record<never, never>;
  'bad-pax': Record<never, never>;
  'bad-sparse-map': Record<never, never>;
  'bad-compression': Record<never, never>;
  'deep-indexes': Record<never, never>;
  'no-token': Record<never, never>;
  'no-token-service': Record<never, never>;
  'token-service-without-tls': Record<never, never>;
  'no-upload-place': Record<never, never>;
  'unnamed-part': Record<never, never>;
  'other-part': Record<never, never>;
  endless: Record<never, never>;
  'layers-differ': Record<never, never>;
  'no-config-or-layers': Record<never, never>;
  'no-image': Record<never, never>;
  'no-manifests': Record<never, never>;
  'no-sbom': Record<never, never>;
  'spdx-3': Record<never, never>;
  'other-sbom': Record<never, never>;
  'no-trace': Record<never, never>;
  'no-saved-scan': Record<never, never>;
  'no-pem-key': Record<never, never>;
  'no-rsa-key': Record<never, never>;
  'short-key': Record<never, never>;
  'no-sha256': Record<never, never>;
  unsigned: Record<never, never>;
  'no-public-key': Record<never, never>;
  damaged: Record<never, never>;
  'no-store': Record<never, never>;
  'other-cinzel': Record<never, never>;
  'index-and-manifest': Record<never, never>;
  'no-layers': Record<never, never>;
  'unreadable-diff-ids': Record<never, never>;
  'unreadable-digest': Record<never, never>;
  'unreadable-size': Record<never, never>;
  'no-debian-binary': Record<never, never>;
  'no-header': Record<never, never>;
  'header-checksum': Record<never, never>;
  'header-size': Record<never, never>;
  'large-extension': Record<never, never>;
  'gzip-length': Record<never, never>;
  'no-gzip': Record<never, never>;
  'no-ar': Record<never, never>;
  'ar-end-mark': Record<never, never>;
  'ar-number': Record<never, never>;
  'zip-directory': Record<never, never>;
  'zip64-record': Record<never, never>;
  'zip-entry': Record<never, never>;
  'zip64-field': Record<never, never>;
  'zip-misplaced': Record<never, never>;
  checksum: Record<never, never>;
  'large-field': Record<never, never>;
  'leaves-root': Record<never, never>;
  'link-nowhere': Record<never, never>;
  'header-number': Record<never, never>;
  'file-for-folder': Record<never, never>;
  'path-loop': Record<never, never>;
  'no-id': Record<never, never>;
  'no-affected': Record<never, never>;
  'no-json': Record<never, never>;
  nameless: Record<never, never>;
  'runs-nothing': Record<never, never>;
  'runs-missing': Record<never, never>;
  'bad-json': { readonly detail: string };
  lacks: { readonly what: string };
  'lacks-named': { readonly name: string };
  'lacks-layer': { readonly layer: number };
  'layers-of-image': { readonly found: number; readonly expected: number };
  'layers-of-configuration': { readonly found: number; readonly configured: number };
  'layer-index': { readonly layer: number };
  'no-field': { readonly text: string };
  'no-name': { readonly text: string };
  'without-purl': { readonly component: string };
  'malformed-purl': { readonly component: string };
  'no-package-name': { readonly text: string };
  'no-version': { readonly name: string };
  'no-checksum': { readonly name: string };
  'no-size': { readonly name: string };
  'signed-for': { readonly suite: string };
  'unknown-key-id': { readonly key: string };
  'expired-key': { readonly key: string };
  'no-key-called': { readonly names: string };
  'not-signed-by': { readonly names: string };
  'other-size': { readonly found: number; readonly expected: number };
  'lacks-record': { readonly id: string };
  twice: { readonly name: string };
  'under-no-folder': { readonly name: string };
  'link-outside': { readonly name: string; readonly link: string };
  'unsafe-path': { readonly text: string };
  'other-field': { readonly field: string; readonly found: string; readonly expected: string };
  'other-member': { readonly expected: string; readonly found: string };
  'unknown-type': { readonly flag: string };
  'long-path': Record<never, never>;
  truncated: Record<never, never>;
  'over-limit': { readonly limit: string; readonly value: number };
  'other-digest': Record<never, never>;
  expired: { readonly date: string };
  'rolled-back': { readonly date: string; readonly newest: string };
  unsupported: Record<never, never>;
  'signature-mismatch': Record<never, never>;
  /** What an operating system, a server or a library said, which is in no language of ours. */
  said: { readonly text: string };
}

export type ProblemKind = keyof ProblemParameters;

/** Those that have no parameters are their names alone. */
type PlainProblem = {
  [Kind in ProblemKind]: keyof ProblemParameters[Kind] extends never ? Kind : never;
}[ProblemKind];

export type Problem =
  | PlainProblem
  | {
      readonly [Kind in Exclude<ProblemKind, PlainProblem>]: { readonly kind: Kind } & ProblemParameters[Kind];
    }[Exclude<ProblemKind, PlainProblem>];

/** Whether a server speaks TLS and it is not proved who it is. */
export function isCertificateProblem(problem: Problem): boolean {
  return typeof problem === 'string' && problem.startsWith('certificate-');
}

/** What somebody else said of it. */
export function said(text: string): Problem {
  return { kind: 'said', text };
}
