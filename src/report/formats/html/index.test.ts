import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../../i18n/catalogue.ts';
import { languages, loadCatalogue } from '../../../i18n/load.ts';
import type { ScanResult } from '../../model.ts';
import { hostileNames } from '../../testing/sample-packages.ts';
import { sampleResult, sampleSbom } from '../../testing/sample-result.ts';
import { html } from './index.ts';

async function render(result: ScanResult, language: Language = 'en'): Promise<string> {
  const options = { catalogue: await loadCatalogue(language), width: 80, color: false };
  return [...html.render(result, options)].join('');
}

/** The first characters of each match: a failed assertion then prints a line, not the page. */
function matchesIn(page: string, pattern: RegExp): readonly string[] {
  return [...page.matchAll(pattern)].map((match) => match[0].slice(0, 100));
}

function withoutOwnCode(page: string): string {
  return page.replaceAll(/<(script|style)>[\s\S]*?<\/\1>/g, '');
}

/** What a reader sees of a part: without tags, entities resolved. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replaceAll(/<[^>]*>/g, ' ');
  return body.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

describe('the HTML report', () => {
  test('is the same for the same result', async () => {
    expect((await render(sampleResult)) === (await render(structuredClone(sampleResult)))).toBe(true);
  });

  test('allows by hash exactly the one script and style that it holds', async () => {
    const page = await render(sampleResult);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const sourceOf = (tag: string): string => {
      const elements = [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))];
      expect(elements).toHaveLength(1);
      return `'sha256-${createHash('sha256')
        .update(elements[0]?.[1] ?? '')
        .digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${sourceOf('script')}`,
      `style-src ${sourceOf('style')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('uses nothing that its policy would block', async () => {
    // Values of attributes are escaped text: what they say is not markup.
    const page = withoutOwnCode(await render(sampleResult)).replaceAll(/"[^"]*"/g, '""');
    expect(matchesIn(page, /<[^>]* (?:style|on[a-z]+|src)=/gi)).toEqual([]);
    expect(matchesIn(page, /<(?:img|link|iframe|object|embed|base|form)\b/gi)).toEqual([]);
  });

  test('shows hostile names as text', async () => {
    const page = await render(sampleResult);
    expect(textOf(page).includes(hostileNames.markup)).toBe(true);
    expect(matchesIn(page, /<img|href="javascript/gi)).toEqual([]);
    expect(matchesIn(page, /(?!\n)[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu)).toEqual([]);
  });

  test('names each package, vulnerability, layer and problem of the result', async () => {
    const text = textOf(await render(sampleResult));
    const wanted = [
      ...[...sampleResult.packages, ...sampleResult.history].map((item) => item.version),
      ...(sampleResult.findings ?? []).map((finding) => finding.id),
      ...sampleResult.image.layers.map((layer) => layer.diffId ?? 'every sample layer has a diff ID'),
      ...(sampleResult.advisories?.feeds ?? []).map((feed) => feed.part ?? feed.id),
      'The feed osv:Go could not be asked',
      'no feed has records of this kind',
    ];
    expect(wanted.filter((part) => !text.includes(part))).toEqual([]);
  });

  test.each(languages)('says in %s how many there are, in the language of the page', async (language) => {
    const page = await render(sampleResult, language);
    const catalogue = await loadCatalogue(language);
    expect(page.includes(`<html lang="${language}">`)).toBe(true);
    expect(textOf(page).includes(catalogue.html.count.vulnerabilities(21, '21'))).toBe(true);
    expect(matchesIn(textOf(page), /undefined|\[object|NaN/g)).toEqual([]);
  });

  test('an inventory says that vulnerabilities were not looked up', async () => {
    const page = await render(sampleSbom);
    expect(page.includes('Vulnerabilities were not looked up')).toBe(true);
    expect(page.includes('id="findings"')).toBe(false);
    expect(page.includes('No known vulnerabilities')).toBe(false);
  });
});

describe('a scan without findings', () => {
  const none = { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 };
  const clean: ScanResult = {
    ...sampleResult,
    findings: [],
    diagnostics: [],
    summary: { packages: sampleResult.summary.packages, vulnerabilities: none, fixable: 0, suppressed: 0 },
    advisories: { feeds: sampleResult.advisories?.feeds ?? [], uncovered: [] },
  };

  test('is clean only when everything could be looked at', async () => {
    expect((await render(clean)).includes('No known vulnerabilities')).toBe(true);
  });

  test.each<[string, ScanResult]>([
    [
      'a package is not covered',
      {
        ...clean,
        advisories: { feeds: clean.advisories?.feeds ?? [], uncovered: [{ ecosystem: 'x', reason: 'y', packages: 2 }] },
      },
    ],
    ['something could not be read', { ...clean, diagnostics: sampleResult.diagnostics }],
    ['no feed was used', { ...clean, advisories: { feeds: [], uncovered: [] } }],
  ])('is not called clean when %s', async (_, result) => {
    const page = await render(result);
    expect(page.includes('No known vulnerabilities')).toBe(false);
    expect(page.includes('No vulnerabilities in what could be checked')).toBe(true);
  });
});

test('an image of nothing gives a whole page', async () => {
  const empty: ScanResult = {
    ...sampleSbom,
    image: { ...sampleSbom.image, size: 0, layers: [], config: {} },
    packages: [],
    history: [],
    diagnostics: [],
    summary: { packages: {} },
  };
  const page = await render(empty);
  expect(page.endsWith('</html>\n')).toBe(true);
  expect(page.includes('No package was found in this image.')).toBe(true);
  expect(matchesIn(textOf(page), /NaN|undefined|Infinity/g)).toEqual([]);
});
