import type { Distribution, PackageType } from './model.ts';
import { formatPurl, type Purl } from './purl.ts';

/** Where a manager's name ends its namespace: at the last of these characters. */
const namespaceEnds: Partial<Readonly<Record<string, string>>> = {
  npm: '/',
  golang: '/',
  composer: '/',
  maven: ':',
} satisfies Partial<Record<PackageType, string>>;

export interface PurlExtras {
  /** For managers of distributions, whose names have no namespace of their own: the distribution's id. */
  readonly namespace?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
}

/** The purl of a package by the name that its own manager gives it: `@scope/name`, `group:artifact`, a module path. */
export function packagePurl(type: PackageType, name: string, version: string, extras: PurlExtras = {}): string {
  const namespace = extras.namespace ?? namespaceIn(type, name);
  return formatPurl({
    type,
    name: name.slice(nameStart(type, name)),
    version,
    ...(namespace === undefined ? {} : { namespace }),
    ...(extras.qualifiers && { qualifiers: presentOnly(extras.qualifiers) }),
  });
}

/** The name that the package's own manager gives it: the inverse of packagePurl. */
export function managerName({ type, namespace, name }: Purl): string {
  const end = namespaceEnds[type];
  return end === undefined || namespace === undefined ? name : `${namespace}${end}${name}`;
}

/** The `distro` qualifier: `debian-12`, `alpine-3.19.1`; only the id where no release is known. */
export function distroQualifier(distribution: Distribution | undefined): string | undefined {
  if (distribution === undefined) return undefined;
  const { id, versionId } = distribution;
  return versionId === undefined ? id : `${id}-${versionId}`;
}

function namespaceIn(type: PackageType, name: string): string | undefined {
  const start = nameStart(type, name);
  return start === 0 ? undefined : name.slice(0, start - 1);
}

function nameStart(type: PackageType, name: string): number {
  const end = namespaceEnds[type];
  return end === undefined ? 0 : name.lastIndexOf(end) + 1;
}

function presentOnly(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
