import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { ScanResult } from '../../model.ts';
import { emptyResult } from '../../testing/extreme-results.ts';
import { renderText } from '../../testing/render.ts';
import { sampleResult, sampleSbom } from '../../testing/sample-result.ts';
import { sharedSchema } from '../../testing/shared-schema.ts';
import { spdx } from './index.ts';

interface Document {
  readonly SPDXID: string;
  readonly documentNamespace: string;
  readonly hasExtractedLicensingInfos?: readonly { readonly licenseId: string }[];
  readonly packages: readonly {
    readonly SPDXID: string;
    readonly name: string;
    readonly licenseDeclared: string;
    readonly sourceInfo?: string;
  }[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relationshipType: string;
    readonly relatedSpdxElement: string;
  }[];
}

function documentOf(result: ScanResult): Document {
  return JSON.parse(renderText(spdx, result)) as Document;
}

const schema = sharedSchema('spdx-2.3.schema.json');

describe.skipIf(schema === undefined)('SPDX 2.3', () => {
  it.each(Object.entries({ sampleResult, sampleSbom, emptyResult }))('is what the schema demands: %s', (_, result) => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schema ?? {});
    expect(validate(documentOf(result)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...documentOf(result), packages: [{}] })).toBe(false);
  });
});

describe('SPDX', () => {
  const document = documentOf(sampleResult);

  it('names each element once by a valid identifier, and every relationship joins two of them', () => {
    const ids = [document.SPDXID, ...document.packages.map((item) => item.SPDXID)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
    const ends = document.relationships.flatMap((item) => [item.spdxElementId, item.relatedSpdxElement]);
    expect(ends.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('has a namespace that is a URI without fragment and changes with the content alone', () => {
    const { documentNamespace } = document;
    expect(new URL(documentNamespace).hash).toBe('');
    expect(documentOf(structuredClone(sampleResult)).documentNamespace).toBe(documentNamespace);
    const later = { ...sampleResult, createdAt: '2031-05-21T00:00:00Z' };
    expect(documentOf(later).documentNamespace).not.toBe(documentNamespace);
  });

  it('defines every licence reference that it uses', () => {
    const defined = new Set(document.hasExtractedLicensingInfos?.map((item) => item.licenseId));
    const used = document.packages.flatMap((item) => item.licenseDeclared.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? []);
    expect(used.length).toBeGreaterThan(0);
    expect(new Set(used)).toEqual(defined);
  });

  it('says which source a package was built from, who contains it and what it needs', () => {
    const named = (name: string): string => document.packages.find((item) => item.name === name)?.SPDXID ?? name;
    const edges = document.relationships.map(
      (item) => `${item.spdxElementId} ${item.relationshipType} ${item.relatedSpdxElement}`,
    );
    expect(document.packages.find((item) => item.name === 'libc6')?.sourceInfo).toBe(
      'built package from: glibc 2.36-9+deb12u3',
    );
    expect(edges).toContain('SPDXRef-DOCUMENT DESCRIBES SPDXRef-Image');
    expect(edges).toContain(`SPDXRef-Image CONTAINS ${named('libc6')}`);
    expect(edges).toContain(`${named('python3-yaml')} CONTAINS ${named('PyYAML')}`);
    expect(edges).toContain(`${named('zlib1g')} DEPENDS_ON ${named('libc6')}`);
  });
});
