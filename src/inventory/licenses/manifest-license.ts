import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../core/json.ts';
import { joinLicenses, readLicense } from './license-expression.ts';
import { type LicenseIds, licenseReference } from './license-ids.ts';

/**
 * The licence that a package.json states, in any of its shapes (docs.npmjs.com, package.json, "license"): a text, an
 * object with a `type`, or a list of these, which offers a choice.
 */
export function licenseOfManifest(manifest: JsonObject, ids: LicenseIds): string | undefined {
  const statements = [manifest['license'], manifest['licence'], manifest['licenses']];
  const stated = statements.map((value) => choice(value, ids)).find((license) => license !== undefined);
  return stated;
}

function choice(value: JsonValue | undefined, ids: LicenseIds): string | undefined {
  const values = Array.isArray(value) ? asArray(value) : [value];
  const licenses = values.map((item) => single(item, ids)).filter((license) => license !== undefined);
  return joinLicenses(licenses, 'OR');
}

function single(value: JsonValue | undefined, ids: LicenseIds): string | undefined {
  const object = asObject(value);
  const text = asString(value) ?? asString(object?.['type']) ?? asString(object?.['name']);
  if (text === undefined || text.trim() === '') return undefined;
  return readLicense(text, ids) ?? licenseReference(text);
}
