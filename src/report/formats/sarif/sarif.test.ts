import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { ScanResult } from '../../model.ts';
import { emptyResult } from '../../testing/extreme-results.ts';
import { renderText } from '../../testing/render.ts';
import { sampleResult, sampleSbom } from '../../testing/sample-result.ts';
import { sharedSchema } from '../../testing/shared-schema.ts';
import { sarif } from './index.ts';
import { sarifText } from './sarif-text.ts';

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
      readonly results: readonly Result[];
      readonly invocations: readonly [{ readonly toolExecutionNotifications: readonly object[] }];
    },
  ];
}

interface Rule {
  readonly id: string;
  readonly helpUri?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions: readonly { readonly justification: string }[];
  readonly locations: readonly [
    {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
    },
  ];
}

function runOf(result: ScanResult): Log['runs'][0] {
  return (JSON.parse(renderText(sarif, result)) as Log).runs[0];
}

function printsOf(result: ScanResult): readonly string[] {
  return runOf(result).results.map((item) => item.partialFingerprints['cinzelFinding/v1'] ?? '');
}

const schema = sharedSchema('sarif-2.1.0.schema.json');

describe.skipIf(schema === undefined)('SARIF 2.1.0', () => {
  it.each(Object.entries({ sampleResult, sampleSbom, emptyResult }))('is what the schema demands: %s', (_, result) => {
    // The schema names draft 4 and uses nothing that draft 7 changed; only the two keywords of draft 4 have to go.
    const { $schema: _draft, id: _id, ...rest } = schema ?? {};
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(rest);
    expect(validate(JSON.parse(renderText(sarif, result))), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });
});

describe('SARIF results', () => {
  const run = runOf(sampleResult);

  it('point at a rule for their vulnerability, and each vulnerability has one rule', () => {
    const { rules } = run.tool.driver;
    expect(run.results).toHaveLength(sampleResult.findings?.length ?? 0);
    for (const item of run.results) expect(rules[item.ruleIndex]?.id).toBe(item.ruleId);
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  });

  it('have fingerprints of their own', () => {
    expect(new Set(printsOf(sampleResult)).size).toBe(run.results.length);
  });

  it('keep their fingerprints when the tag, the layer and the installed version change', () => {
    const later: ScanResult = {
      ...sampleResult,
      image: { ...sampleResult.image, name: 'registry.example.com/shop/web:3.2' },
      packages: sampleResult.packages.map((item) => ({ ...item, layer: 0, version: `${item.version}.1` })),
      findings: (sampleResult.findings ?? []).map((finding) => ({ ...finding, layer: 0, installedVersion: '9' })),
    };
    expect(printsOf(later)).toEqual(printsOf(sampleResult));
  });

  it('have other fingerprints in another image', () => {
    const other = { ...sampleResult, image: { ...sampleResult.image, name: 'registry.example.com/shop/api:3.1' } };
    expect(printsOf(other).filter((print) => printsOf(sampleResult).includes(print))).toEqual([]);
  });

  it('say who suppressed them and why, and the others that nobody did', () => {
    const suppressed = run.results.filter((item) => item.suppressions.length > 0);
    expect(suppressed.map((item) => [item.ruleId, item.suppressions[0]?.justification])).toEqual([
      ['CVE-2031-5001', 'the package ships no kernel image or module'],
      ['CVE-2031-6002', 'only used by the build; see https://example.com/42'],
    ]);
  });

  it('name the layer and the line that brought the package', () => {
    const item = run.results.find((candidate) => candidate.ruleId === 'CVE-2031-6001');
    expect(item?.message.text).toMatch(/lodash 4\.17\.20 has CVE-2031-6001.*Fixed in 4\.17\.21.*layer 4: RUN npm ci/);
    expect(item?.locations[0].logicalLocations[0].fullyQualifiedName).toBe('pkg:npm/lodash@4.17.20');
    expect(item?.locations[0].physicalLocation.artifactLocation.uri).toBe('app/node_modules/lodash/package.json');
  });

  it('write the bytes of a name that is not UTF-8 into the URI', () => {
    const item = run.results.find((candidate) => candidate.ruleId === 'PYSEC-2031-12');
    expect(item?.locations[0].physicalLocation.artifactLocation.uri).toBe('opt/caf%E9/METADATA');
  });

  it('rank rules by score, by the middle of the severity without one, and leave the unknown unranked', () => {
    const rank = (id: string): unknown =>
      run.tool.driver.rules.find((rule) => rule.id === id)?.properties['security-severity'];
    expect([rank('CVE-2031-1001'), rank('CVE-2031-9002'), rank('CVE-2031-1002')]).toEqual(['9.8', '8.0', undefined]);
  });

  it('link only to web pages', () => {
    expect(run.tool.driver.rules.find((rule) => rule.id === 'CVE-2031-9001')?.helpUri).toBeUndefined();
    expect(JSON.stringify(run)).not.toContain('javascript:alert(1)"');
  });

  it('carry the diagnostics as notifications', () => {
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(sampleResult.diagnostics.length);
  });
});

it('writes braces and brackets of a message as SARIF reads them', () => {
  expect(sarifText('{0} [x](y) \\')).toBe('{{0}} \\[x\\](y) \\\\');
});
