import { type CoreMetadata, metadataValue } from '../../formats/core-metadata.ts';
import { joinLicenses, readLicense } from './license-expression.ts';
import { type LicenseIds, licenseId, licenseReference } from './license-ids.ts';
import { licensesInText } from './license-text.ts';

/**
 * The licences that a Python distribution states, the most precise statement first: `License-Expression` (PEP 639), a
 * `License` field that names a licence, classifiers, and at last what a `License` field holds in prose.
 */
export function licensesOfMetadata(metadata: CoreMetadata, ids: LicenseIds): readonly string[] {
  const expression = metadataValue(metadata, 'license-expression');
  if (expression !== undefined) return [readLicense(expression, ids) ?? licenseReference(expression)];
  const field = metadataValue(metadata, 'license');
  const named = field === undefined ? undefined : readLicense(field, ids);
  if (named !== undefined && !named.includes('LicenseRef-')) return [named];
  const classified = classifiedLicenses(metadata, ids);
  if (classified.length > 0) return classified;
  if (named !== undefined) return [named];
  return field === undefined ? [] : licensesOfProse(field);
}

/** `License :: OSI Approved :: MIT License`; a last part like `OSI Approved` alone says nothing. */
function classifiedLicenses(metadata: CoreMetadata, ids: LicenseIds): readonly string[] {
  const names = (metadata.get('classifier') ?? [])
    .filter((classifier) => classifier.startsWith('License ::'))
    .map((classifier) => classifier.split('::').at(-1)?.trim() ?? '')
    .filter((name) => name !== 'OSI Approved' && name !== '');
  const licenses = names.map((name) => licenseId(name, ids) ?? licenseReference(name));
  const joined = joinLicenses(licenses, 'AND');
  return joined === undefined ? [] : [joined];
}

function licensesOfProse(text: string): readonly string[] {
  const known = licensesInText(text);
  return known.length > 0 ? known : [licenseReference(text.split('\n', 1)[0] ?? '')];
}
