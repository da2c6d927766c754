import type { Filesystem } from '../../filesystem/model.ts';
import { parseDeb822, type Stanza } from '../../formats/deb822.ts';
import type { ArchivePackage } from '../../repositories/apt/archive.ts';

/**
 * The packages that dpkg's records name as installed, as an archive would list them. They need nothing and conflict with
 * nothing: whoever made the image has answered for that.
 */
export async function installedPackages(filesystem: Filesystem): Promise<readonly ArchivePackage[]> {
  const folder = '/var/lib/dpkg/status.d';
  const names = filesystem.list(folder).map(({ path }) => path);
  const files = ['/var/lib/dpkg/status', ...names.filter((path) => !path.endsWith('.md5sums'))];
  const found = new Map<string, ArchivePackage>();
  for (const file of files) {
    const text = await filesystem.read(file);
    if (text === undefined) continue;
    for (const stanza of parseDeb822(text)) {
      const one = installedPackage(stanza);
      if (one !== undefined) found.set(one.name, one);
    }
  }
  return [...found.values()];
}

function installedPackage(stanza: Stanza): ArchivePackage | undefined {
  const name = stanza.get('Package');
  const version = stanza.get('Version');
  const state = stanza.get('Status');
  if (name === undefined || version === undefined) return undefined;
  // Records of distroless images have no state (dpkg(1), "Package states").
  if (state !== undefined && !/ (?:installed|unpacked|half-configured|triggers-\w+)$/.test(state)) return undefined;
  const [, source = name, sourceVersion = version] = /^(\S+)(?:\s+\((\S+)\))?$/.exec(stanza.get('Source') ?? '') ?? [];
  return {
    name,
    version,
    architecture: stanza.get('Architecture') ?? 'all',
    source,
    sourceVersion,
    provides: stanza.get('Provides') ?? '',
    multiArch: stanza.get('Multi-Arch') ?? '',
    priority: stanza.get('Priority') ?? '',
    replaces: stanza.get('Replaces') ?? '',
    ...unneeded,
  };
}

const unneeded = {
  filename: '',
  size: 0,
  sha256: '',
  depends: '',
  preDepends: '',
  conflicts: '',
  breaks: '',
  essential: false,
  important: false,
  rank: 0,
  archive: 'main',
  suite: '',
  component: '',
  origin: '',
  published: '',
} as const;
