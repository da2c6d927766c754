import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('style/tokens.css', import.meta.url), 'utf8');
const schemes = ['light', 'dark'] as const;
type Scheme = (typeof schemes)[number];

const colours = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(a: string, b: string, scheme: Scheme): number {
  const [high = 0, low = 0] = [luminance(a, scheme), luminance(b, scheme)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(name: string, scheme: Scheme): number {
  const hex = colours.get(name)?.[scheme];
  if (hex === undefined) throw new Error(`no colour ${name}`);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((index) => Number.parseInt(hex.slice(index, index + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];
const backgrounds = ['paper', 'surface', 'sunken'];
const texts = ['ink', 'quiet', 'accent', 'good', 'notice', 'critical'];

const textPairs = [
  ...texts.flatMap((text) => backgrounds.map((background) => [text, background] as const)),
  ...severities.map((severity) => [severity, `${severity}-wash`] as const),
  ['ink', 'notice-wash'] as const,
  ['notice', 'notice-wash'] as const,
  ['accent', 'notice-wash'] as const,
  ['accent', 'accent-wash'] as const,
  ['surface', 'accent'] as const,
];

const graphicPairs = [
  ...severities.flatMap((severity) => ['paper', 'surface', 'sunken'].map((b) => [`${severity}-solid`, b] as const)),
  ...backgrounds.map((background) => ['line-strong', background] as const),
  ...backgrounds.map((background) => ['accent', background] as const),
];

describe.each(schemes)('the %s palette', (scheme) => {
  test.each(textPairs)('%s on %s is readable text (WCAG 1.4.3: 4.5)', (text, background) => {
    expect(contrast(text, background, scheme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(graphicPairs)('%s on %s can be told apart (WCAG 1.4.11: 3)', (graphic, background) => {
    expect(contrast(graphic, background, scheme)).toBeGreaterThanOrEqual(3);
  });
});
