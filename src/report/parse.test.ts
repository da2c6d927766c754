import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { english } from '../i18n/en/index.ts';
import { json } from './formats/json.ts';
import type { ScanResult } from './model.ts';
import { parseScanResult } from './parse.ts';
import { scanJsonSchema, scanSchema } from './scan-schema.ts';
import { scanShape } from './scan-shape.ts';
import { hostileNames } from './testing/sample-packages.ts';
import { sampleResult, sampleSbom } from './testing/sample-result.ts';

const schemaFile = new URL('../../schemas/scan.schema.json', import.meta.url);

function textOf(result: ScanResult): string {
  return [...json.render(result, { catalogue: english, width: 80, color: false })].join('');
}

async function faultOf(text: string | Uint8Array): Promise<string | undefined> {
  try {
    await parseScanResult(text, 'scan.json');
    return undefined;
  } catch (error) {
    return isCinzelError(error) ? error.code : `not a CinzelError: ${String(error)}`;
  }
}

describe('the JSON form of a scan', () => {
  it.each([
    ['a scan', sampleResult],
    ['an inventory', sampleSbom],
  ])('survives saving and reading: %s', async (_, result) => {
    const saved = textOf(result);
    const read = await parseScanResult(saved, 'scan.json');
    expect({ ...read, diagnostics: [] }).toEqual({ ...result, diagnostics: [] });
    expect(textOf(read)).toBe(saved);
  });

  it('keeps names that are not UTF-8', async () => {
    const read = await parseScanResult(Buffer.from(textOf(sampleResult)), 'scan.json');
    expect(read.packages.find((item) => item.name === 'requests')?.evidence[0].path).toBe(hostileNames.bytes);
  });

  it('carries diagnostics as English sentences without parameters', () => {
    const document = JSON.parse(textOf(sampleResult)) as { diagnostics: readonly Record<string, unknown>[] };
    expect(document.diagnostics[0]).toEqual({
      code: 'feed.unreachable',
      severity: 'warning',
      message: 'The feed osv:Go could not be asked: nothing listens there.',
    });
  });

  it('has neither findings nor advisories in an inventory, and never null', () => {
    expect(Object.keys(JSON.parse(textOf(sampleSbom)) as object)).not.toContain('findings');
    expect(Object.keys(JSON.parse(textOf(sampleSbom)) as object)).not.toContain('advisories');
    JSON.parse(textOf(sampleResult), (key, value: unknown) => {
      expect(value, key).not.toBeNull();
      return value;
    });
  });

  it('fits the published schema', async () => {
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await readFile(schemaFile, 'utf8')) as object);
    for (const result of [sampleResult, sampleSbom]) {
      expect(validate(JSON.parse(textOf(result))), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(validate({ ...(JSON.parse(textOf(sampleResult)) as object), packages: [{}] })).toBe(false);
  });

  it('has a published schema that says what the reader demands', async () => {
    expect(JSON.parse(await readFile(schemaFile, 'utf8'))).toEqual(JSON.parse(JSON.stringify(scanJsonSchema())));
  });

  it('writes the keys that the schema describes, in its order', () => {
    expect(Object.keys(scanShape.keys)).toEqual(Object.keys(scanSchema.shape));
    expect(Object.keys(scanShape.keys.packages.list.keys)).toEqual(
      Object.keys(scanSchema.shape.packages.element.shape),
    );
    const findings = scanSchema.shape.findings.unwrap().element.shape;
    expect(Object.keys(scanShape.keys.findings.list.keys)).toEqual(Object.keys(findings));
    expect(Object.keys(scanShape.keys.image.keys)).toEqual(Object.keys(scanSchema.shape.image.shape));
  });
});

describe('parseScanResult', () => {
  it.each([
    ['nothing', '', 'untrusted.malformed'],
    ['no JSON', 'table of contents', 'untrusted.malformed'],
    ['a list', '[]', 'untrusted.malformed'],
    ['null', 'null', 'untrusted.malformed'],
    ["another tool's document", '{"SchemaVersion":2}', 'untrusted.malformed'],
    ['a version as text', '{"schemaVersion":"1"}', 'untrusted.malformed'],
    ['a later version', '{"schemaVersion":2}', 'untrusted.unsupported'],
    ['nothing but the version', '{"schemaVersion":1}', 'untrusted.malformed'],
  ])('refuses %s', async (_, text, code) => {
    expect(await faultOf(text)).toBe(code);
  });

  it('names the place of what is wrong', async () => {
    const broken = textOf(sampleResult).replace('"type": "deb"', '"type": "bed"');
    await expect(parseScanResult(broken, 'scan.json')).rejects.toMatchObject({
      parameters: { what: 'scan.json', problem: { kind: 'at', place: 'packages.0.type' } },
    });
  });

  it('refuses layers that are not at their index', async () => {
    expect(await faultOf(textOf(sampleResult).replace('"index": 2', '"index": 3'))).toBe('untrusted.malformed');
  });

  it('drops keys that it does not know', async () => {
    const later = { ...(JSON.parse(textOf(sampleSbom)) as object), novelty: { nested: [1] } };
    expect(Object.keys(await parseScanResult(JSON.stringify(later), 'scan.json'))).not.toContain('novelty');
  });

  it('drops a __proto__ key', async () => {
    const hostile = textOf(sampleSbom).replace('"labels": {', '"labels": { "__proto__": {"polluted": "yes"},');
    const read = await parseScanResult(hostile, 'scan.json');
    expect((read.image.config.labels as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses a file that was cut anywhere', async () => {
    const whole = Buffer.from(textOf(sampleResult).trimEnd());
    for (let length = 0; length < whole.length; length += 997) {
      expect(await faultOf(whole.subarray(0, length)), `${length} bytes`).toBe('untrusted.malformed');
    }
  });

  it('answers random bytes and random JSON with a fault of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), fc.json()), async (input) => {
        expect(await faultOf(input)).toMatch(/^untrusted\./);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
