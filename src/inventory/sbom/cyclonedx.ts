import { CinzelError } from '../../core/errors.ts';
import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { SbomComponent, SbomDocument } from './component.ts';

/** Component types that are installed units (CycloneDX 1.2–1.7, `component.type`); files, platforms … are none. */
const packageTypes: ReadonlySet<string> = new Set(['library', 'framework', 'application', 'module', '']);

/** The components of a CycloneDX JSON document, nested ones too. Throws `untrusted.limit` past `limit` of them. */
export function readCycloneDx(document: JsonObject, limit: number, what: string): SbomDocument {
  const components: SbomComponent[] = [];
  let distribution: SbomDocument['distribution'];
  for (const component of walk(document['components'], limit, what)) {
    const type = asString(component['type']) ?? '';
    if (type === 'operating-system') distribution ??= readDistribution(component);
    else if (packageTypes.has(type)) components.push(readComponent(component));
  }
  return { components, ...(distribution !== undefined && { distribution }) };
}

/** Every component, outer before inner, in the order of the document. */
function* walk(roots: JsonValue | undefined, limit: number, what: string): Generator<JsonObject> {
  const waiting = asArray(roots).toReversed();
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    seen += 1;
    if (seen > limit) throw new CinzelError('untrusted.limit', { limit: 'entries', value: limit, what });
    const component = asObject(next);
    if (component === undefined) continue;
    yield component;
    for (const inner of asArray(component['components']).toReversed()) waiting.push(inner);
  }
}

function readComponent(component: JsonObject): SbomComponent {
  const purl = asString(component['purl']);
  const version = asString(component['version']);
  const properties = readProperties(component['properties']);
  const source = readSource(properties);
  const ownedBy = properties.get('cinzel:package:ownedBy');
  const path = pathProperties.flatMap((name) => properties.get(name) ?? [])[0];
  return {
    label: [asString(component['group']), asString(component['name'])].filter((part) => part !== undefined).join('/'),
    ...(purl !== undefined && { purl }),
    ...(asString(component['type']) === 'application' && { mayHold: true }),
    ...(version !== undefined && { version }),
    licenses: asArray(component['licenses']).flatMap(readLicense),
    ...(source !== undefined && { source }),
    ...(ownedBy !== undefined && { ownedBy }),
    ...(path !== undefined && { path }),
  };
}

const pathProperties = ['cinzel:path', 'aquasecurity:trivy:FilePath', 'syft:location:0:path'] as const;

function readProperties(raw: JsonValue | undefined): ReadonlyMap<string, string> {
  return new Map(
    asArray(raw).flatMap((item): readonly (readonly [string, string])[] => {
      const name = asString(asObject(item)?.['name']);
      const value = asString(asObject(item)?.['value']);
      return name !== undefined && value !== undefined ? [[name, value]] : [];
    }),
  );
}

/** Producers put the source package into properties of their own: Cinzel, Trivy, Syft (for dpkg, then apk). */
function readSource(properties: ReadonlyMap<string, string>): SbomComponent['source'] {
  const trivy = 'aquasecurity:trivy:Src';
  const named = [
    [properties.get('cinzel:source:name'), properties.get('cinzel:source:version')],
    [properties.get(`${trivy}Name`), trivyVersion(properties, trivy)],
    [properties.get('syft:metadata:source'), properties.get('syft:metadata:sourceVersion')],
    [properties.get('syft:metadata:originPackage'), undefined],
  ] as const;
  const found = named.find(([name]) => name !== undefined && name !== '');
  if (found?.[0] === undefined) return undefined;
  return { name: found[0], ...(found[1] !== undefined && { version: found[1] }) };
}

function trivyVersion(properties: ReadonlyMap<string, string>, prefix: string): string | undefined {
  const version = properties.get(`${prefix}Version`);
  const release = properties.get(`${prefix}Release`);
  const epoch = properties.get(`${prefix}Epoch`);
  if (version === undefined) return undefined;
  return `${epoch === undefined || epoch === '0' ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
}

function readLicense(raw: JsonValue): readonly string[] {
  const choice = asObject(raw);
  const license = asObject(choice?.['license']);
  const text = asString(choice?.['expression']) ?? asString(license?.['id']) ?? asString(license?.['name']);
  return text === undefined ? [] : [text];
}

function readDistribution(component: JsonObject): SbomDocument['distribution'] {
  const id = asString(component['name'])?.toLowerCase();
  const versionId = asString(component['version']);
  return id === undefined ? undefined : { id, ...(versionId !== undefined && { versionId }) };
}
