import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { ScanResult } from '../../model.ts';
import { emptyResult } from '../../testing/extreme-results.ts';
import { renderText } from '../../testing/render.ts';
import { sampleResult, sampleSbom } from '../../testing/sample-result.ts';
import { cyclonedx } from './index.ts';

interface Document {
  readonly serialNumber: string;
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly vulnerabilities?: readonly Vulnerability[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly purl?: string;
  readonly licenses?: readonly unknown[];
  readonly evidence?: { readonly occurrences: readonly { readonly location: string }[] };
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Vulnerability {
  readonly id: string;
  readonly affects: readonly { readonly ref: string }[];
  readonly ratings: readonly object[];
  readonly analysis?: object;
}

function documentOf(result: ScanResult): Document {
  return JSON.parse(renderText(cyclonedx, result)) as Document;
}

const schemas = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json');

function schemaFile(name: string): object {
  return JSON.parse(readFileSync(join(dirname(schemas), 'res', 'schema', name), 'utf8')) as object;
}

/** The official schema, strict about keys. ajv has no internationalised formats; URI references are a subset of IRIs. */
function createValidator(): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('iri-reference', (text) => URL.canParse(text, 'https://base.example.com/'));
  ajv.addFormat('idn-email', (text) => text.includes('@'));
  // The library's copies refer to each other by file name, not by id.
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const file = `${name}.SNAPSHOT.schema.json`;
    ajv.addSchema(schemaFile(file), `http://cyclonedx.org/schema/${file}`);
  }
  return ajv.compile(schemaFile('bom-1.6.SNAPSHOT.schema.json'));
}

describe('CycloneDX 1.6', () => {
  const validate = createValidator();

  it.each(Object.entries({ sampleResult, sampleSbom, emptyResult }))('is what the schema demands: %s', (_, result) => {
    expect(validate(documentOf(result)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{}] })).toBe(false);
  });

  it('names each component once, and every edge and vulnerability ends at one', () => {
    const document = documentOf(sampleResult);
    const refs = [document.metadata.component['bom-ref'], ...document.components.map((item) => item['bom-ref'])];
    expect(new Set(refs).size).toBe(refs.length);
    const ends = document.dependencies.flatMap((item) => [item.ref, ...item.dependsOn]);
    const affected = (document.vulnerabilities ?? []).flatMap((item) => item.affects.map((target) => target.ref));
    expect([...ends, ...affected].filter((ref) => !refs.includes(ref))).toEqual([]);
  });

  it('reaches every component from the image', () => {
    const document = documentOf(sampleResult);
    const edges = new Map(document.dependencies.map((item) => [item.ref, item.dependsOn]));
    const reached = new Set<string>();
    const queue = [document.metadata.component['bom-ref']];
    for (const ref of queue) {
      if (reached.has(ref)) continue;
      reached.add(ref);
      queue.push(...(edges.get(ref) ?? []));
    }
    expect(document.components.filter((item) => !reached.has(item['bom-ref']))).toEqual([]);
  });

  it('has a serial number that changes with the content and with nothing else', () => {
    const { serialNumber } = documentOf(sampleResult);
    expect(documentOf(structuredClone(sampleResult)).serialNumber).toBe(serialNumber);
    expect(documentOf(sampleSbom).serialNumber).not.toBe(serialNumber);
  });

  it('says what a package is, who has it and which layer brought it', () => {
    const { components } = documentOf(sampleResult);
    const zlib = components.find((item) => item.name === 'zlib1g');
    expect(zlib?.purl).toBe('pkg:deb/debian/zlib1g@1.2.13.dfsg-1?arch=amd64&distro=debian-12&epoch=1');
    expect(zlib?.evidence?.occurrences[0]?.location).toBe('/var/lib/dpkg/status');
    expect(Object.fromEntries(zlib?.properties?.map(({ name, value }) => [name, value]) ?? [])).toMatchObject({
      'cinzel:source:name': 'zlib',
      'cinzel:source:version': '1:1.2.13.dfsg-1',
      'cinzel:layer:index': '0',
      'cinzel:layer:diffId': sampleResult.image.layers[0]?.diffId,
    });
    expect(components.find((item) => item.group === '@example')?.name).toBe('scoped');
  });

  it.each([
    ['one identifier', 'zlib1g', [{ license: { id: 'Zlib', acknowledgement: 'declared' } }]],
    ['a choice', '@example/scoped', [{ expression: '(MIT OR Apache-2.0)', acknowledgement: 'declared' }]],
    [
      'several',
      'dpkg',
      [{ expression: 'GPL-2.0-or-later AND LicenseRef-public-domain-md5', acknowledgement: 'declared' }],
    ],
    ['none', 'passwd', undefined],
  ])('writes the licence when there is %s', (_, name, expected) => {
    const { components } = documentOf(sampleResult);
    expect(components.find((item) => (item.purl ?? '').includes(`/${name.replace('@', '%40')}@`))?.licenses).toEqual(
      expected,
    );
  });

  it('has one vulnerability for all packages that share it', () => {
    const { vulnerabilities = [] } = documentOf(sampleResult);
    const shared = vulnerabilities.filter((item) => item.id === 'CVE-2031-1001');
    expect(shared).toHaveLength(1);
    expect(shared[0]?.affects).toHaveLength(3);
    expect(shared[0]?.ratings).toHaveLength(1);
  });

  it('says why a vulnerability is suppressed, and claims no more than that', () => {
    const { vulnerabilities = [] } = documentOf(sampleResult);
    expect(
      Object.fromEntries(vulnerabilities.flatMap((item) => (item.analysis ? [[item.id, item.analysis]] : []))),
    ).toEqual({
      'CVE-2031-5001': { state: 'not_affected', detail: 'rule: the package ships no kernel image or module' },
      'CVE-2031-6002': {
        response: ['will_not_fix'],
        detail: 'ignore: only used by the build; see https://example.com/42 (2031-12-31)',
      },
    });
  });

  it('has no vulnerabilities, not even an empty list, when none were looked up', () => {
    expect(documentOf(sampleSbom).vulnerabilities).toBeUndefined();
  });
});
