import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../i18n/load.ts';
import { cleanResult, emptyResult } from '../testing/extreme-results.ts';
import { renderText } from '../testing/render.ts';
import { sampleResult, sampleSbom } from '../testing/sample-result.ts';
import { formatIds, reportFormats } from './index.ts';

const results = { sampleResult, sampleSbom, emptyResult, cleanResult };
const jsonFormats: ReadonlySet<string> = new Set(['json', 'sarif', 'cyclonedx', 'spdx', 'gitlab']);

it('lists every format that has a file here', async () => {
  const entries = await readdir(new URL('.', import.meta.url));
  const names = entries.filter((name) => !/\.test\.ts$|^index\.ts$|^fixtures$/.test(name));
  expect(names.map((name) => name.replace(/\.ts$/, '')).toSorted()).toEqual([...formatIds].toSorted());
});

describe.each(formatIds)('%s', (id) => {
  it('has the id under which it is listed', async () => {
    expect((await reportFormats[id]()).id).toBe(id);
  });

  it.each(Object.entries(results))(
    'writes %s equally each time, whatever the order of its parts',
    async (_, result) => {
      const format = await reportFormats[id]();
      const once = renderText(format, result);
      expect(renderText(format, structuredClone(result))).toBe(once);
    },
  );

  it.each(Object.entries(results))('ends %s with a line break, if it says anything', async (_, result) => {
    expect(renderText(await reportFormats[id](), result)).toMatch(/\n$|^$/);
  });

  it('holds no control character but the line break, and no direction override', async () => {
    const text = renderText(await reportFormats[id](), sampleResult);
    const parsed = jsonFormats.has(id) ? '' : text;
    expect(parsed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u202e\u2066]/u);
    expect(text).not.toMatch(/\p{Cs}/u);
    expect(text).not.toContain('\u001b');
  });

  it('speaks Portuguese without leaving any text out', async () => {
    const catalogue = await loadCatalogue('pt-BR');
    const text = renderText(await reportFormats[id](), sampleResult, { catalogue });
    expect(text).not.toMatch(/\bundefined\b|\[object /);
  });
});

describe('JSON formats', () => {
  it.each([...jsonFormats].filter((id) => id !== 'json'))('hold only well-formed text: %s', async (id) => {
    const format = await reportFormats[id as keyof typeof reportFormats]();
    JSON.parse(renderText(format, sampleResult), (_, value: unknown) => {
      if (typeof value === 'string') expect(value).not.toMatch(/\p{Cs}/u);
      return value;
    });
  });
});
