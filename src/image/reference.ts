import { type Digest, isDigest } from '../core/digest.ts';
import { CinzelError } from '../core/errors.ts';
import type { Problem } from '../core/problems.ts';
import type { Reference, ReferenceKind, RegistryName } from './model.ts';

/** A reference whose kind the user left open: a path, or a name for an engine or a registry. */
export interface BareReference {
  readonly kind: 'bare';
  readonly text: string;
}

const kinds = {
  'docker-archive': true,
  oci: true,
  'oci-archive': true,
  registry: true,
  docker: true,
  podman: true,
  containerd: true,
  dir: true,
  sbom: true,
} satisfies Record<ReferenceKind, true>;

/** Understands what a user typed to name an image. Throws `usage.reference`. */
export function parseReference(text: string): Reference | BareReference {
  if (text === '' || text.includes('\0')) throw invalid(text, 'empty');
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(0, colon));
  if (!isKind(prefix)) return { kind: 'bare', text };
  const rest = text.slice(colon + 1);
  if (rest === '') throw invalid(text, { kind: 'nothing-follows', prefix });
  switch (prefix) {
    case 'dir':
    case 'sbom':
      return { kind: prefix, path: rest };
    case 'registry':
      return { kind: prefix, name: parseRegistryName(rest.replace(/^\/\//, '')) };
    case 'docker':
    case 'podman':
    case 'containerd':
      return { kind: prefix, name: rest.replace(/^\/\//, '') };
    case 'docker-archive':
    case 'oci':
    case 'oci-archive':
      return { kind: prefix, ...splitPath(rest, text) };
  }
}

function isKind(text: string): text is ReferenceKind {
  return Object.hasOwn(kinds, text);
}

/** `PATH`, `PATH:TAG` or `PATH@DIGEST`. The tag of an archive may itself hold a colon: `image.tar:repo/name:1.2`. */
function splitPath(
  rest: string,
  whole: string,
): { readonly path: string; readonly tag?: string; readonly digest?: Digest } {
  const at = rest.lastIndexOf('@');
  if (at > 0 && /^sha(?:256|512):/.test(rest.slice(at + 1))) {
    const digest = rest.slice(at + 1);
    if (!isDigest(digest)) throw invalid(whole, { kind: 'no-digest', text: digest });
    return { path: rest.slice(0, at), digest };
  }
  const colon = rest.indexOf(':');
  if (colon < 0) return { path: rest };
  if (colon === 0 || colon === rest.length - 1) throw invalid(whole, 'no-path-or-tag');
  return { path: rest.slice(0, colon), tag: rest.slice(colon + 1) };
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const hostPattern = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/**
 * Reads a registry's image name by the grammar of github.com/distribution/reference: the part before the first slash
 * is a host if it has a dot or a colon, or is `localhost`; else the host is docker.io. Throws `usage.reference`.
 */
export function parseRegistryName(text: string): RegistryName {
  if (text.length > 512) throw invalid(`${text.slice(0, 60)}…`, 'too-long');
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw invalid(text, { kind: 'no-digest', text: digest });
  const named = at < 0 ? text : text.slice(0, at);
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const hasHost = first === 'localhost' || first.includes('.') || first.includes(':') || first !== first.toLowerCase();
  const remainder = hasHost ? named.slice(slash + 1) : named;
  const colon = remainder.lastIndexOf(':');
  const tag = colon < 0 ? undefined : remainder.slice(colon + 1);
  const repository = colon < 0 ? remainder : remainder.slice(0, colon);
  const registry = canonicalHost(hasHost ? first : 'docker.io');
  if (!hostPattern.test(registry)) throw invalid(text, { kind: 'no-host', text: registry });
  if (repository !== repository.toLowerCase()) throw invalid(text, 'upper-case');
  if (!repositoryPattern.test(repository)) throw invalid(text, { kind: 'no-repository', text: repository });
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text, { kind: 'no-tag', text: tag });
  const full = registry === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository;
  const version = tag ?? (digest === undefined ? 'latest' : undefined);
  return {
    registry,
    repository: full,
    ...(version === undefined ? {} : { tag: version }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/**
 * The name that an image shall have, as a user gives it: `NAME:TAG`, a name with a slash or a registry's host, or a tag
 * alone. Throws `usage.reference`.
 */
export function parseGivenName(text: string): { readonly name?: string; readonly tag?: string } {
  const isName = text.includes(':') || text.includes('/');
  if (!isName && !tagPattern.test(text)) throw invalid(text, { kind: 'no-tag', text });
  if (!isName) return { tag: text };
  parseRegistryName(text);
  if (text.includes('@')) throw invalid(text, { kind: 'no-tag', text: text.slice(text.indexOf('@')) });
  const colon = text.lastIndexOf(':');
  return colon > text.lastIndexOf('/') ? { name: text.slice(0, colon), tag: text.slice(colon + 1) } : { name: text };
}

function canonicalHost(host: string): string {
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

/** The name as people write it: docker.io and `library/` are left out. */
export function formatRegistryName({ registry, repository, tag, digest }: RegistryName): string {
  const hub = registry === 'docker.io';
  const short = hub ? repository.replace(/^library\//, '') : `${registry}/${repository}`;
  return `${short}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

function invalid(reference: string, problem: Problem): CinzelError {
  return new CinzelError('usage.reference', { reference, problem });
}
