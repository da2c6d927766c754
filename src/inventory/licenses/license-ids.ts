import { licenseNames } from './license-names.ts';

/** SPDX's identifiers by their lower-case form; those that it no longer recommends are not among them. */
export type LicenseIds = ReadonlyMap<string, string>;

let loaded: Promise<LicenseIds> | undefined;

/** Loads the SPDX licence list, once. */
export function licenseIds(): Promise<LicenseIds> {
  loaded ??= import('spdx-license-ids/index.json', { with: { type: 'json' } }).then(
    ({ default: ids }) => new Map(ids.map((id) => [id.toLowerCase(), id])),
  );
  return loaded;
}

/** The GNU licences in all their spellings: `GPL-2+`, `LGPLv2.1`, `GPL 3.0 or later`, `GFDL-NIV-1.3+`. */
const gnuPattern =
  /^(?:gnu )?(agpl|lgpl|gpl|gfdl)(-niv)?(?:[-_ ]?v?(?:ersion )?(\d)(?:\.(\d))?(?:\.0)?)?( ?\+| or later|-or-later|[-_ ]only)?$/;

const gnuFirstVersions: Readonly<Record<string, string>> = { agpl: '1.0', lgpl: '2.0', gpl: '1.0', gfdl: '1.1' };

/** The SPDX identifier that a name means, whatever its case and fashion; undefined when it means none. */
export function licenseId(name: string, ids: LicenseIds): string | undefined {
  const lower = name.toLowerCase().trim();
  const known = ids.get(lower);
  if (known !== undefined) return known;
  if (/^LicenseRef-[A-Za-z0-9.-]+$/.test(name)) return name;
  const bare = lower
    .replace(/,/g, '')
    .replace(/\blicen[cs]e\b/g, ' ')
    .replace(/^\s*the\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const named = Object.hasOwn(licenseNames, bare) ? licenseNames[bare] : undefined;
  return named ?? ids.get(bare) ?? ids.get(bare.replaceAll(' ', '-')) ?? gnuLicense(bare, ids);
}

/** Without a version, any version is meant (GPL-2, section 9). */
function gnuLicense(name: string, ids: LicenseIds): string | undefined {
  const [, family, invariants, major, minor, suffix] = gnuPattern.exec(name) ?? [];
  if (family === undefined) return undefined;
  const version = major === undefined ? gnuFirstVersions[family] : `${major}.${minor ?? '0'}`;
  const later = major === undefined || (suffix !== undefined && !suffix.endsWith('only'));
  const middle = invariants === undefined ? '' : '-no-invariants';
  return ids.get(`${family}-${version}${middle}-${later ? 'or-later' : 'only'}`);
}

/** What stands for a licence that SPDX does not list (SPDX 2.3, annex D: letters, digits, `.` and `-`). */
export function licenseReference(name: string): string {
  const slug = name
    .slice(0, 60)
    .replace(/\+/g, '-or-later')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `LicenseRef-${slug === '' ? 'unnamed' : slug}`;
}
