import { parseDeb822, type Stanza } from '../../formats/deb822.ts';
import { readLicense } from './license-expression.ts';
import { type LicenseIds, licenseId, licenseReference } from './license-ids.ts';
import { licensesInText } from './license-text.ts';

/**
 * The licences that a Debian copyright file states, as SPDX expressions in text order: those of its `Files` stanzas
 * when it is machine-readable (Debian's copyright-format 1.0), else what it links to in /usr/share/common-licenses and
 * the texts that it quotes.
 */
export function licensesOfCopyright(text: string, ids: LicenseIds): readonly string[] {
  const licenses = isMachineReadable(text) ? statedLicenses(text, ids) : [];
  return licenses.length > 0 ? licenses : proseLicenses(text, ids);
}

function isMachineReadable(text: string): boolean {
  return /^(?:Format|Format-Specification): *\S/im.test(text.slice(0, 2_000));
}

/** Standalone `License` stanzas only give the text of a name that others use. */
function statedLicenses(text: string, ids: LicenseIds): readonly string[] {
  const stanzas = [...parseDeb822(text, { fields: ['Format', 'Format-Specification', 'Files', 'License'] })];
  const texts = new Map(stanzas.filter(isStandalone).map((stanza) => splitField(stanza.get('License') ?? '')));
  const licenses = new Set<string>();
  for (const stanza of stanzas) {
    const field = isStandalone(stanza) ? undefined : stanza.get('License');
    if (field === undefined || field === '') continue;
    for (const license of licensesOfField(field, texts, ids)) licenses.add(license);
  }
  return [...licenses].sort();
}

function isStandalone(stanza: Stanza): boolean {
  return stanza.get('Files') === undefined && stanza.get('Format') === undefined;
}

/** The first line names the licence; where somebody put the text there, the text is looked at. */
function licensesOfField(field: string, texts: ReadonlyMap<string, string>, ids: LicenseIds): readonly string[] {
  const [name, text] = splitField(field);
  const expression = variantOfBsd(name, text === '' ? texts.get(name) : text) ?? readLicense(name, ids);
  if (expression !== undefined) return [expression];
  const known = licensesInText(field);
  return known.length > 0 ? known : [licenseReference(name)];
}

/** The first line that is not empty, and the lines after it. */
function splitField(field: string): readonly [name: string, text: string] {
  const [name = '', ...text] = field.trim().split('\n');
  return [name.trim(), text.join('\n')];
}

/**
 * `BSD-3-clause-author`, `BSD-3-clause~author`: named after who wrote it, or for what it says. The text tells whether it
 * is still the licence.
 */
function variantOfBsd(name: string, text = ''): string | undefined {
  const [, clauses] = /^BSD-([234])-clauses?[-~]\S+$/i.exec(name) ?? [];
  if (clauses === undefined) return undefined;
  const id = `BSD-${clauses}-Clause`;
  return licensesInText(text).join() === id ? id : undefined;
}

/** What the links in /usr/share/common-licenses stand for; GNU's are told apart below. */
const commonLicenses: Readonly<Record<string, string>> = {
  'Apache-2.0': 'Apache-2.0',
  Artistic: 'Artistic-1.0-Perl',
  BSD: 'BSD-3-Clause',
  'CC0-1.0': 'CC0-1.0',
  'MPL-1.1': 'MPL-1.1',
  'MPL-2.0': 'MPL-2.0',
};

function proseLicenses(text: string, ids: LicenseIds): readonly string[] {
  const licenses = new Set(licensesInText(text));
  for (const [, name = ''] of text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9.-]*[A-Za-z0-9])/g)) {
    const license = Object.hasOwn(commonLicenses, name) ? commonLicenses[name] : gnuLicense(name, text, ids);
    if (license !== undefined) licenses.add(license);
  }
  if (licenses.size === 0 && /\bpublic domain\b/i.test(text)) licenses.add('LicenseRef-public-domain');
  return [...licenses].sort();
}

/** `GPL-2` is the text of one version; whether later ones may be chosen is said beside it, if at all. */
function gnuLicense(name: string, text: string, ids: LicenseIds): string | undefined {
  const [, family, version] = /^(L?GPL|GFDL)(?:-(\d(?:\.\d)?))?$/.exec(name) ?? [];
  if (family === undefined) return undefined;
  const isLater = version === undefined || /\bany\s+(?:[*#]\s*)?later\s+(?:[*#]\s*)?version\b/i.test(text);
  const number = version ?? /\bversion (\d(?:\.\d)?)\b/i.exec(text)?.[1] ?? '';
  const suffix = isLater ? '+' : '';
  return licenseId(`${family}-${number}${suffix}`, ids) ?? licenseId(family, ids);
}
