import { CinzelError } from '../../core/errors.ts';
import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { SbomComponent, SbomDocument } from './component.ts';

/** What a package is for that is no installed unit (SPDX 2.3, 7.24 "Primary package purpose"). */
const otherPurposes: ReadonlySet<string> = new Set([
  'CONTAINER',
  'OPERATING-SYSTEM',
  'FILE',
  'ARCHIVE',
  'DEVICE',
  'FIRMWARE',
]);

/** The packages of an SPDX 2.2 or 2.3 JSON document. Throws `untrusted.limit` past `limit` of them. */
export function readSpdx(document: JsonObject, limit: number, what: string): SbomDocument {
  const packages = asArray(document['packages']);
  if (packages.length > limit) throw new CinzelError('untrusted.limit', { limit: 'entries', value: limit, what });
  const components: SbomComponent[] = [];
  let distribution: SbomDocument['distribution'];
  for (const raw of packages) {
    const found = asObject(raw);
    if (found === undefined) continue;
    const purpose = asString(found['primaryPackagePurpose']) ?? '';
    if (purpose === 'OPERATING-SYSTEM') distribution ??= readDistribution(found);
    if (!otherPurposes.has(purpose)) components.push(readPackage(found));
  }
  return { components, ...(distribution !== undefined && { distribution }) };
}

function readPackage(found: JsonObject): SbomComponent {
  const purl = asArray(found['externalRefs']).flatMap(readPurl)[0];
  const version = asString(found['versionInfo']);
  const source = readSource(asString(found['sourceInfo']));
  return {
    label: asString(found['name']) ?? '',
    ...(purl !== undefined && { purl }),
    ...(asString(found['primaryPackagePurpose']) === 'APPLICATION' && { mayHold: true }),
    ...(version !== undefined && version !== 'NOASSERTION' && { version }),
    licenses: ['licenseDeclared', 'licenseConcluded']
      .flatMap((key) => asString(found[key]) ?? [])
      .filter((license) => license !== 'NOASSERTION' && license !== 'NONE')
      .slice(0, 1),
    ...(source !== undefined && { source }),
  };
}

function readPurl(raw: JsonValue): readonly string[] {
  const reference = asObject(raw);
  const locator = asString(reference?.['referenceLocator']);
  return reference?.['referenceType'] === 'purl' && locator !== undefined ? [locator] : [];
}

/** Cinzel and Trivy write the source package into `sourceInfo`. */
function readSource(text: string | undefined): SbomComponent['source'] {
  const match = /^built package from: (\S{1,500}) (\S{1,500})$/.exec(text ?? '');
  return match?.[1] === undefined || match[2] === undefined ? undefined : { name: match[1], version: match[2] };
}

function readDistribution(found: JsonObject): SbomDocument['distribution'] {
  const id = asString(found['name'])?.toLowerCase();
  const versionId = asString(found['versionInfo']);
  return id === undefined ? undefined : { id, ...(versionId !== undefined && { versionId }) };
}
