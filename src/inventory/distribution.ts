import type { Report } from '../core/diagnostics.ts';
import type { ImagePath } from '../core/path.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import { readAptSources } from './apt-sources.ts';
import { debianCodenameOf, debianVersionOf } from './debian-codenames.ts';
import { type DistributionWitness, distributionWitnesses } from './distribution-paths.ts';
import type { Distribution } from './model.ts';
import { parseOsRelease } from './os-release.ts';

type Identity = Omit<Distribution, 'evidence' | 'sources'>;

/** What each file that may say which distribution this is says of it. */
const identifiers: Readonly<Record<DistributionWitness, (text: string) => Identity | undefined>> = {
  '/etc/os-release': fromOsRelease,
  '/usr/lib/os-release': fromOsRelease,
  '/etc/lsb-release': fromLsbRelease,
  '/etc/alpine-release': fromAlpineRelease,
  '/etc/debian_version': fromDebianVersion,
  '/etc/redhat-release': fromRedHatRelease,
  '/etc/system-release': fromRedHatRelease,
};

const maximumBytes = 64 * 1024;

/** Which distribution the image says it is; undefined when it does not say. */
export async function findDistribution(filesystem: Filesystem, report: Report): Promise<Distribution | undefined> {
  const refused = new Set<ImagePath>();
  for (const path of distributionWitnesses) {
    const entry = filesystem.resolve(path);
    if (entry === undefined || refused.has(entry.path)) continue;
    const identity = identifiers[path]((await readText(entry, filesystem, report)) ?? '');
    if (identity !== undefined) {
      const sources = await readAptSources(filesystem);
      const evidence = { path: entry.path, layer: entry.layer };
      return { ...identity, ...(sources.length === 0 ? {} : { sources }), evidence };
    }
    refused.add(entry.path);
  }
  return undefined;
}

async function readText(entry: FileEntry, filesystem: Filesystem, report: Report): Promise<string | undefined> {
  if (entry.size > maximumBytes) {
    const parameters = { size: entry.size, limit: maximumBytes };
    report({ code: 'file.too-large', severity: 'warning', parameters, path: entry.path, layer: entry.layer });
    return undefined;
  }
  const bytes = await filesystem.read(entry.path);
  return bytes && Buffer.from(bytes).toString('utf8');
}

function fromOsRelease(text: string): Identity | undefined {
  const variables = parseOsRelease(text);
  const id = identifier(variables.get('ID'));
  if (id === undefined) return undefined;
  const codename = nonEmpty(variables.get('VERSION_CODENAME')) ?? codenameIn(variables.get('PRETTY_NAME'));
  const versionId = nonEmpty(variables.get('VERSION_ID')) ?? (id === 'debian' ? debianVersionOf(codename) : undefined);
  const prettyName = nonEmpty(variables.get('PRETTY_NAME')) ?? nonEmpty(variables.get('NAME'));
  const idLike = (variables.get('ID_LIKE') ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((like) => like !== '');
  return identity(id, idLike, { versionId, codename, prettyName });
}

function fromLsbRelease(text: string): Identity | undefined {
  const variables = parseOsRelease(text);
  const id = identifier(variables.get('DISTRIB_ID'));
  if (id === undefined) return undefined;
  return identity(id, id === 'ubuntu' ? ['debian'] : [], {
    versionId: nonEmpty(variables.get('DISTRIB_RELEASE')),
    codename: nonEmpty(variables.get('DISTRIB_CODENAME')),
    prettyName: nonEmpty(variables.get('DISTRIB_DESCRIPTION')),
  });
}

function fromAlpineRelease(text: string): Identity | undefined {
  const versionId = /^\d+\.\d+[\w.]*/.exec(text.trim())?.[0];
  return versionId === undefined ? undefined : identity('alpine', [], { versionId });
}

/** A point release (`12.5`), or the codename of what is not released (`trixie/sid`). */
function fromDebianVersion(text: string): Identity | undefined {
  const line = text.trim();
  const release = /^(\d+)(?:\.\d+)*$/.exec(line)?.[1];
  if (release !== undefined) return identity('debian', [], { versionId: release, codename: debianCodenameOf(release) });
  const codename = /^([a-z]+)\/sid$/.exec(line)?.[1];
  return codename === undefined
    ? undefined
    : identity('debian', [], { versionId: debianVersionOf(codename), codename });
}

const redHatNames: readonly (readonly [name: RegExp, id: string, idLike: readonly string[]])[] = [
  [/^red hat enterprise linux/i, 'rhel', ['fedora']],
  [/^centos/i, 'centos', ['rhel', 'fedora']],
  [/^rocky linux/i, 'rocky', ['rhel', 'centos', 'fedora']],
  [/^almalinux/i, 'almalinux', ['rhel', 'centos', 'fedora']],
  [/^oracle linux/i, 'ol', ['fedora']],
  [/^fedora/i, 'fedora', []],
  [/^amazon linux/i, 'amzn', ['centos', 'rhel', 'fedora']],
];

/** `CentOS Linux release 7.9.2009 (Core)`, `Amazon Linux 2`. */
function fromRedHatRelease(text: string): Identity | undefined {
  const line = (text.split('\n', 1)[0] ?? '').trim();
  const [, id, idLike] = redHatNames.find(([name]) => name.test(line)) ?? [];
  if (id === undefined) return undefined;
  const versionId = /\s(\d+(?:\.\d+)*)/.exec(line)?.[1];
  return identity(id, idLike ?? [], { versionId, prettyName: line });
}

interface Details {
  readonly versionId?: string | undefined;
  readonly codename?: string | undefined;
  readonly prettyName?: string | undefined;
}

function identity(id: string, idLike: readonly string[], { versionId, codename, prettyName }: Details): Identity {
  return {
    id,
    idLike,
    ...(versionId === undefined ? {} : { versionId }),
    ...(codename === undefined ? {} : { codename }),
    ...(prettyName === undefined ? {} : { prettyName }),
  };
}

function identifier(value: string | undefined): string | undefined {
  const id = value?.toLowerCase();
  return id !== undefined && /^[a-z0-9][a-z0-9._-]*$/.test(id) ? id : undefined;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** Debian testing has no version: its os-release says `PRETTY_NAME="Debian GNU/Linux bookworm/sid"`. */
function codenameIn(prettyName: string | undefined): string | undefined {
  return /\b([a-z]+)\/sid$/.exec(prettyName ?? '')?.[1];
}
