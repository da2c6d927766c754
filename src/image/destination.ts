import { CinzelError, isCinzelError } from '../core/errors.ts';
import type { RegistryName } from './model.ts';
import { formatRegistryName, parseRegistryName } from './reference.ts';

/** Where an image goes: what the user typed after `-o`, understood. */
export type Destination =
  | { readonly kind: 'oci' | 'oci-archive'; readonly path: string; readonly tag?: string }
  /** `name` is a repository and tag in the form that Docker writes. */
  | { readonly kind: 'docker-archive'; readonly path: string; readonly name?: string }
  | { readonly kind: 'registry'; readonly name: RegistryName }
  | { readonly kind: 'docker' | 'podman'; readonly name?: string };

const forms = {
  oci: 'oci:DIR[:TAG]',
  'oci-archive': 'oci-archive:FILE[:TAG]',
  'docker-archive': 'docker-archive:FILE[:NAME:TAG]',
  registry: 'registry:NAME[:TAG]',
  docker: 'docker:[NAME:TAG]',
  podman: 'podman:[NAME:TAG]',
} satisfies Record<Destination['kind'], string>;

/** The grammar of `org.opencontainers.image.ref.name` (image specification, annotations.md), and Docker's own tags. */
const tagPattern = /^(?:[A-Za-z0-9]+(?:(?:--|[-._:@+/])[A-Za-z0-9]+)*|\w[\w.-]{0,127})$/;
const tagLength = 255;

/** Understands a destination. Throws `usage.value`, or `usage.reference` for a name that no registry can have. */
export function parseDestination(text: string): Destination {
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(0, colon));
  const rest = text.slice(colon + 1);
  if (!isKind(kind) || text.includes('\0')) throw invalid(text);
  switch (kind) {
    case 'oci':
    case 'oci-archive': {
      const [path, tag] = splitPath(rest, text);
      if (tag !== undefined && (tag.length > tagLength || !tagPattern.test(tag))) throw invalid(text);
      return { kind, path, ...(tag === undefined ? {} : { tag }) };
    }
    case 'docker-archive': {
      const [path, name] = splitPath(rest, text);
      return { kind, path, ...(name === undefined ? {} : { name: imageName(name, text) }) };
    }
    case 'docker':
    case 'podman': {
      const name = rest.replace(/^\/\//, '');
      return { kind, ...(name === '' ? {} : { name: imageName(name, text) }) };
    }
    case 'registry': {
      const name = parseRegistryName(rest.replace(/^\/\//, ''));
      // What is pushed decides its digest.
      if (name.digest !== undefined) throw invalid(text);
      return { kind, name };
    }
  }
}

function isKind(text: string): text is Destination['kind'] {
  return Object.hasOwn(forms, text);
}

/** The path ends at the first colon, as it does where an image is read. */
function splitPath(rest: string, whole: string): readonly [path: string, tag: string | undefined] {
  const colon = rest.indexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (path === '' || tag === '') throw invalid(whole);
  return [path, tag];
}

/** Engines know an image by repository and tag; a digest is nothing that one could give it. */
function imageName(text: string, whole: string): string {
  const name = engineName(text);
  if (name === undefined) throw invalid(whole);
  return name;
}

/** The name under which an engine may hold an image, with its tag; undefined for a text that is no such name. */
export function engineName(text: string): string | undefined {
  try {
    const { digest, ...name } = parseRegistryName(text);
    return digest === undefined ? formatRegistryName(name) : undefined;
  } catch (error) {
    if (isCinzelError(error, 'usage.reference')) return undefined;
    throw error;
  }
}

function invalid(value: string): CinzelError {
  return new CinzelError('usage.value', { name: 'DEST', value, allowed: Object.values(forms).join(', ') });
}
