import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/i18n/catalogue.ts';
import { loadCatalogue } from '../../src/i18n/load.ts';
import { html } from '../../src/report/formats/html/index.ts';
import type { ScanResult } from '../../src/report/model.ts';
import { hostileNames } from '../../src/report/testing/sample-packages.ts';
import { sampleResult } from '../../src/report/testing/sample-result.ts';
import { launchBrowser, skipsBrowser } from './browser.ts';
import { withManyFindings } from './many-findings.ts';

const manyFindings = 5_000;

describe.skipIf(skipsBrowser)('the HTML report in a browser', () => {
  let browser: Browser;
  let folder: string;
  /** What went wrong in the pages of a test: errors, console messages, requests to anything but the file. */
  let incidents: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    folder = await mkdtemp(join(tmpdir(), 'cinzel-html-'));
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    const found = incidents;
    incidents = [];
    for (const context of browser.contexts()) await context.close();
    expect(found).toEqual([]);
  });

  async function open(
    options: BrowserContextOptions = {},
    result: ScanResult = sampleResult,
    language: Language = 'en',
  ): Promise<Page> {
    const file = join(folder, `${Math.random()}.html`);
    const rendering = { catalogue: await loadCatalogue(language), width: 80, color: false };
    await writeFile(file, [...html.render(result, rendering)].join(''));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const address = pathToFileURL(file).href;
    page.on('console', (message) => incidents.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => incidents.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== address) incidents.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return page;
  }

  const findings = (page: Page): Locator => page.getByRole('region', { name: 'Vulnerabilities', exact: true });
  const visibleRows = (page: Page, section = '#findings'): Locator => page.locator(`${section} tr.row:visible`);
  const status = (page: Page): Locator => findings(page).getByRole('status');

  async function firstColumn(page: Page, section = '#findings'): Promise<readonly string[]> {
    return page.locator(`${section} tr.row:visible summary`).allInnerTexts();
  }

  async function cells(page: Page, className: string): Promise<readonly string[]> {
    return page.locator(`#findings tr.row:visible td.${className}`).allInnerTexts();
  }

  test('shows the open vulnerabilities and says how many', async () => {
    const page = await open();
    await expect.poll(() => status(page).textContent()).toBe('21 of 23 vulnerabilities');
    expect(await visibleRows(page).count()).toBe(21);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('registry.example.com/shop/web:3.1');
  });

  test('searches ids, packages, aliases and summaries, and says how many are left', async () => {
    const page = await open();
    const search = findings(page).getByRole('searchbox', { name: 'Search' });
    await search.fill('socks5 heap');
    await expect.poll(() => status(page).textContent()).toBe('1 of 23 vulnerabilities');
    expect(await firstColumn(page)).toEqual(['CVE-2031-1001']);
    await search.fill('GHSA-KKKK-mmmm');
    await expect.poll(() => firstColumn(page)).toEqual(['CVE-2031-7001']);
    await search.fill('nothing has this');
    await findings(page).getByText('No row matches').waitFor();
    await findings(page).getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => visibleRows(page).count()).toBe(21);
    expect(await search.inputValue()).toBe('');
  });

  test('filters by severity, several at once', async () => {
    const page = await open();
    const severity = findings(page).getByRole('group', { name: 'Severity' });
    await severity.getByRole('checkbox', { name: 'Critical' }).check();
    await expect.poll(async () => new Set((await cells(page, 'severity')).map(word))).toEqual(new Set(['Critical']));
    expect(await visibleRows(page).count()).toBe(3);
    await severity.getByRole('checkbox', { name: 'Low' }).check();
    await expect.poll(() => visibleRows(page).count()).toBe(7);
  });

  test('filters by layer, type, fix and reach together', async () => {
    const page = await open();
    await findings(page).getByLabel('Layer', { exact: true }).selectOption('1');
    await expect.poll(() => cells(page, 'layer')).toEqual(Array(6).fill('1'));
    await findings(page).getByLabel('Fix', { exact: true }).selectOption({ label: 'With a fix' });
    await findings(page).getByLabel('Type', { exact: true }).selectOption('deb');
    await findings(page).getByLabel('Reach', { exact: true }).selectOption({ label: 'Reached' });
    await expect.poll(() => firstColumn(page)).toEqual(['CVE-2031-1001']);
  });

  test('holds suppressed vulnerabilities back until they are asked for', async () => {
    const page = await open();
    expect(await firstColumn(page)).not.toContain('CVE-2031-5001');
    await findings(page).getByLabel('Status', { exact: true }).selectOption({ label: 'Suppressed' });
    await expect.poll(() => firstColumn(page)).toEqual(['CVE-2031-6002', 'CVE-2031-5001']);
    await visibleRows(page).first().locator('summary').click();
    const reason = page.getByText('only used by the build; see https://example.com/42');
    await reason.waitFor();
    expect(await reason.textContent()).toContain('until 2031-12-31');
  });

  test('sorts by each column, both ways, and tells assistive technology', async () => {
    const page = await open();
    const heading = (name: string): Locator => findings(page).getByRole('columnheader', { name, exact: true });
    await heading('Vulnerability').getByRole('button').click();
    expect(await heading('Vulnerability').getAttribute('aria-sort')).toBe('ascending');
    const ascending = await firstColumn(page);
    expect(ascending).toEqual(ascending.toSorted());
    await heading('Vulnerability').getByRole('button').click();
    expect(await heading('Vulnerability').getAttribute('aria-sort')).toBe('descending');
    expect(await firstColumn(page)).toEqual(ascending.toReversed());
    await heading('Layer').getByRole('button').click();
    expect(await heading('Vulnerability').getAttribute('aria-sort')).toBeNull();
    const layers = (await cells(page, 'layer')).map(Number);
    expect(layers).toEqual(layers.toSorted((a, b) => a - b));
    await heading('Severity').getByRole('button').click();
    const severities = (await cells(page, 'severity')).map(word);
    expect([...new Set(severities)]).toEqual(['Critical', 'High', 'Medium', 'Low', 'Negligible', 'Unknown']);
    await heading('Fix').getByRole('button').click();
    const fixes = await cells(page, 'fix');
    expect(fixes.findLastIndex((fix) => /^\d/.test(fix))).toBeLessThan(fixes.findIndex((fix) => !/^\d/.test(fix)));
  });

  test('opens details with the mouse, on the whole row', async () => {
    const page = await open();
    const row = visibleRows(page).first();
    await row.locator('td.version').click();
    const detail = page.locator('#findings tbody').first().locator('.sheet');
    await detail.waitFor();
    const text = await detail.textContent();
    for (const part of ['CVSS:3.1/AV:N', 'libcurl3-gnutls', 'RUN set -eux', '/usr/local/bin/node', 'Heap buffer']) {
      expect(text).toContain(part);
    }
    await row.locator('td.version').click();
    await detail.waitFor({ state: 'hidden' });
  });

  test('works by keyboard alone: search, filter, sort, open', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('findings');
    await page.keyboard.press('Tab');
    await page.keyboard.type('libssl3');
    await expect.poll(() => visibleRows(page).count()).toBe(2);
    await tabTo(page, 'input[value=high]');
    await page.keyboard.press('Space');
    await expect.poll(() => firstColumn(page)).toEqual(['CVE-2031-2001']);
    await tabTo(page, 'th.package button');
    await page.keyboard.press('Enter');
    expect(await page.locator('#findings th.package').getAttribute('aria-sort')).toBe('ascending');
    await tabTo(page, 'summary');
    await page.keyboard.press('Enter');
    await page.locator('#findings tbody:visible .sheet').first().waitFor();
    expect(await outline(page)).toMatch(/solid/);
  });

  test('follows a count to just the rows that it counts', async () => {
    const page = await open();
    await page.locator('.legend').getByRole('link', { name: 'High 5' }).click();
    await expect.poll(() => visibleRows(page).count()).toBe(5);
    expect(await findings(page).getByRole('checkbox', { name: 'High' }).isChecked()).toBe(true);
    await page.locator('#layers').getByRole('link', { name: '4 packages' }).first().click();
    await expect
      .poll(() => firstColumn(page, 'table.packages'))
      .toEqual(['@example/scoped', 'express', 'lodash', 'minimist']);
  });

  test('has one main, a banner, a named navigation, named regions, and a heading for each', async () => {
    const page = await open();
    for (const role of ['main', 'banner', 'contentinfo', 'navigation'] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    const headings = await page.evaluate(`[...document.querySelectorAll('main > section')]
      .map((section) => document.getElementById(section.getAttribute('aria-labelledby'))?.tagName)`);
    expect(new Set(headings as string[])).toEqual(new Set(['H2']));
    for (const name of ['Summary', 'Layers', 'Packages', 'Coverage', 'What to do first', 'Still in earlier layers']) {
      expect(await page.getByRole('region', { name, exact: true }).count()).toBe(1);
    }
  });

  test('names every control, captions every sortable table, and repeats no id', async () => {
    const page = await open();
    expect(
      await page.evaluate(`[...document.querySelectorAll('button, input, select, a, summary')]
        .filter((e) => e.checkVisibility() && !(e.innerText || e.labels?.[0]?.innerText || '').trim()).map((e) => e.outerHTML)`),
    ).toEqual([]);
    expect(
      await page.evaluate(`[...document.querySelectorAll('table[data-table]')].filter((t) => !t.caption).length`),
    ).toBe(0);
    expect(
      await page.evaluate(`(() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
        return ids.filter((id, i) => ids.indexOf(id) !== i); })()`),
    ).toEqual([]);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('[onclick], div[role=button], [tabindex]:not([tabindex="-1"])')].length`,
      ),
    ).toBe(0);
  });

  test('shows hostile names as text and runs none of them', async () => {
    const page = await open();
    expect(await page.getByText(hostileNames.markup, { exact: true }).count()).toBeGreaterThan(0);
    expect(await page.locator('img, iframe, main script').count()).toBe(0);
    expect(await page.locator('a[href^="javascript" i]').count()).toBe(0);
    for (const link of await page.locator('a[href^="http"]').all()) {
      expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    }
  });

  test('its policy stops what an escape that failed would let in', async () => {
    const page = await open();
    const failures: string[] = [];
    page.on('requestfailed', (request) => failures.push(`${request.url()} ${request.failure()?.errorText}`));
    await page.evaluate(`{
      window.blocked = [];
      document.addEventListener('securitypolicyviolation', (event) => window.blocked.push(event.effectiveDirective));
      const hole = document.createElement('div');
      hole.innerHTML = '<img src="https://example.com/x.png" onerror="window.ran = 1"><button onclick="window.ran = 2">x</button><p style="color: red">x</p>';
      document.body.append(hole);
      hole.querySelector('button').click();
      const script = document.createElement('script');
      script.textContent = 'window.ran = 3';
      document.body.append(script);
    }`);
    await expect
      .poll(async () => new Set((await page.evaluate('window.blocked')) as string[]))
      .toEqual(new Set(['img-src', 'script-src-attr', 'script-src-elem', 'style-src-attr']));
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(failures).toEqual(['https://example.com/x.png csp']);
    // The browser reports what it blocked; that is this test's doing.
    incidents = incidents.filter((incident) => !/Content Security Policy|example\.com\/x\.png/.test(incident));
  });

  test.each(['en', 'pt-BR'] as const)('fits a phone in %s without scrolling sideways', async (language) => {
    const page = await open(
      { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
      sampleResult,
      language,
    );
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.evaluate(`document.querySelectorAll('details').forEach((details) => { details.open = true; })`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  test.each([768, 1024, 1440])('fits %d pixels without scrolling sideways', async (width) => {
    const page = await open({ viewport: { width, height: 900 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('follows the system to dark, and the reader against it', async () => {
    const page = await open({ colorScheme: 'dark' });
    const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const toggle = page.getByRole('button', { name: 'Dark' });
    const dark = await background();
    expect(await toggle.getAttribute('aria-pressed')).toBe('true');
    await toggle.click();
    expect(await toggle.getAttribute('aria-pressed')).toBe('false');
    expect(await background()).not.toBe(dark);
    await page.reload();
    expect(await toggle.getAttribute('aria-pressed')).toBe('false');
    await page.emulateMedia({ media: 'print' });
    expect(await background()).toBe('rgb(255, 255, 255)');
  });

  test('shows everything without script, and no control that does nothing', async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await visibleRows(page).count()).toBe(23);
    expect(await visibleRows(page, '#packages').count()).toBe(sampleResult.packages.length);
    expect(await page.locator('button:visible, input:visible, select:visible').count()).toBe(0);
    const detail = page.locator('#findings tbody').first().locator('.sheet');
    expect(await detail.isVisible()).toBe(false);
    await visibleRows(page).first().locator('summary').click();
    expect(await detail.isVisible()).toBe(true);
  });

  test(`stays usable with ${manyFindings} vulnerabilities: some at first, all on request and in print`, async () => {
    const page = await open({}, withManyFindings(manyFindings));
    expect(await status(page).textContent()).toBe('5,000 of 5,000 vulnerabilities');
    expect(await visibleRows(page).count()).toBe(200);
    await findings(page).getByRole('button', { name: 'Show 200 more' }).click();
    expect(await visibleRows(page).count()).toBe(400);
    await findings(page).getByRole('searchbox').fill('overflow number 4999');
    await expect.poll(() => status(page).textContent()).toBe('1 of 5,000 vulnerabilities');
    await findings(page).getByRole('button', { name: 'Clear filters' }).click();
    await page.emulateMedia({ media: 'print' });
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#findings tr.row')].filter((r) => r.checkVisibility()).length`,
      ),
    ).toBe(manyFindings);
  });

  test('prints as a document of pages', async () => {
    const page = await open();
    const pdf = await page.pdf({ format: 'A4' });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(1);
  });
});

function word(text: string): string {
  return text.split(' ')[0] ?? '';
}

/** Presses Tab until the focus is on an element of the findings that the selector names. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches('#findings ${selector}')`)) return;
  }
  throw new Error(`Tab never reached ${selector}`);
}

async function outline(page: Page): Promise<string> {
  return (await page.evaluate('getComputedStyle(document.activeElement).outline')) as string;
}
