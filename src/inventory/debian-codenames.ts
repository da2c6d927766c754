/** Debian's releases and the announced next ones (debian.org/releases; distro-info-data's debian.csv). */
const codenames: Readonly<Record<string, string>> = {
  '7': 'wheezy',
  '8': 'jessie',
  '9': 'stretch',
  '10': 'buster',
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
  '14': 'forky',
  '15': 'duke',
};

/** The release that has this codename. */
export function debianVersionOf(codename: string | undefined): string | undefined {
  return Object.entries(codenames).find(([, name]) => name === codename)?.[0];
}

/** The codename of a release. */
export function debianCodenameOf(versionId: string): string | undefined {
  return Object.hasOwn(codenames, versionId) ? codenames[versionId] : undefined;
}
