import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configurationJsonSchema } from '../../src/configuration/configuration-schema.ts';
import { readConfigurationFile } from '../../src/configuration/file.ts';
import { isCinzelError } from '../../src/core/errors.ts';
import { exitCodes } from '../../src/core/exit-codes.ts';
import { readIgnoreRules } from '../../src/findings/ignore/ignore-rules.ts';
import { ignoreRulesSchema } from '../../src/findings/ignore/ignore-schema.ts';
import { english } from '../../src/i18n/en/index.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/configuration.schema.json', import.meta.url), 'utf8'),
) as object;
const fits = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);
const folder = mkdtempSync(join(tmpdir(), 'cinzel-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether Cinzel reads the file without complaint. */
async function isRead(text: string): Promise<boolean> {
  const path = join(folder, '.cinzel.yaml');
  writeFileSync(path, text);
  try {
    const { ignore } = await readConfigurationFile(path);
    readIgnoreRules(path, ignore);
    return true;
  } catch (error) {
    if (isCinzelError(error) && error.exitCode === exitCodes.usage) return false;
    throw error;
  }
}

describe('the published schema of .cinzel.yaml', () => {
  it('is that of the settings and ignore rules', () => {
    expect(schema).toEqual(configurationJsonSchema({ descriptions: english.settings, ignore: ignoreRulesSchema }));
  });

  it.each([
    'severity: [critical, high]\nfail-on: high,fixable\n',
    'severity: high\n',
    'cache:\n  dir: /c\n  size: 10GiB\ncache.size: 5\n',
    'db: {age: 48}\nlimits: {entries: 5, ratio: "10"}\n',
    'feeds: [osv]\nfeeds.osv.url: http://localhost\n',
    'feeds: {osv: {url: http://localhost}}\n',
    'registry:\n  mirrors: {docker.io: mirror.example.com}\n  insecure: [localhost:5000]\n',
    'from: oci\nlang: pt-BR\nverify: false\nquiet: true\n',
    'ignore:\n  - {id: CVE-2024-1, reason: r, expires: 2027-01-01}\n  - {path: [/a/**], type: npm, reason: r}\n',
    'ignore: []\n',
  ])('takes what Cinzel takes: %j', async (text) => {
    expect([fits(parse(text)), fits.errors]).toEqual([true, null]);
    expect(await isRead(text)).toBe(true);
  });

  it.each([
    'severty: high\n',
    'db: {age: old}\n',
    'quiet: "yes"\n',
    'cache: 5GiB\n',
    'cache: {dirs: /c}\n',
    'severity: {high: true}\n',
    'limits: [entries]\n',
    'feeds: {osv: {urls: x}}\n',
    'ignore: {id: x}\n',
    'ignore: [{reason: r}]\n',
    'ignore: [{id: x, because: r}]\n',
    'ignore: [{id: x, reason: r, expires: tomorrow}]\n',
    'ignore: [{id: x, reason: r, fix-state: maybe}]\n',
    'ignore: [7]\n',
    '- severity\n',
  ])('refuses what Cinzel refuses: %j', async (text) => {
    expect(fits(parse(text))).toBe(false);
    expect(await isRead(text)).toBe(false);
  });

  it('also asks for the reason without which a rule does not hold', () => {
    expect(fits(parse('ignore: [{id: x}]'))).toBe(false);
    expect(fits(parse('ignore: [x]'))).toBe(false);
  });
});
