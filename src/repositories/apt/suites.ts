import type { Distribution } from '../../inventory/model.ts';

/** One suite of an archive, as `dists/NAME` has it. */
export interface Suite {
  readonly archive: 'main' | 'security';
  readonly name: string;
}

/** Debian's releases that we read changelogs of, by version (debian.org/releases). */
const codenames: Readonly<Record<string, string>> = {
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
};

/** The codename of a Debian release; undefined for other distributions and for releases that are not known. */
export function debianCodename({
  id,
  versionId,
  codename,
}: Pick<Distribution, 'id' | 'versionId' | 'codename'>): string | undefined {
  if (id !== 'debian') return undefined;
  const byVersion = codenames[versionId?.split('.')[0] ?? ''];
  if (byVersion !== undefined) return byVersion;
  return codename !== undefined && Object.values(codenames).includes(codename) ? codename : undefined;
}

/** The suites in which a release gets new versions: itself, its updates, and its security archive, where LTS goes on too. */
export function suitesOf(codename: string): readonly Suite[] {
  return [
    { archive: 'main', name: codename },
    { archive: 'main', name: `${codename}-updates` },
    { archive: 'security', name: codename === 'buster' ? 'buster/updates' : `${codename}-security` },
  ];
}
