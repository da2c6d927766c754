import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, escapeReference, escapeTerminal, escapeXml, wellFormed } from './escape.ts';
import { hostileNames } from './testing/sample-packages.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom(...Object.values(hostileNames)),
);

describe('escapeTerminal', () => {
  it.each([
    ['plain text', 'libc6 2.36-9+deb12u3', 'libc6 2.36-9+deb12u3'],
    ['accents and wide characters', 'café 图像 👩‍🚀', 'café 图像 👩‍🚀'],
    ['colour sequences', '\u001b[31mred', '\\e[31mred'],
    ['a C1 control', '\u009b31m', '\\u{9b}31m'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a right-to-left override', 'abc\u202Egnp', 'abc\\u{202e}gnp'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a byte that is not UTF-8', 'caf\uDCE9', 'caf\\xe9'],
    ['a lone high surrogate', 'a\uD800b', 'a\\u{d800}b'],
    ['a NUL', 'a\0b', 'a\\u{0}b'],
  ])('handles %s', (_, text, expected) => {
    expect(escapeTerminal(text)).toBe(expected);
  });

  it('leaves nothing that acts on a terminal, and changes nothing twice', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeTerminal(text);
        expect(escaped).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u,
        );
        expect(escapeTerminal(escaped)).toBe(escaped);
      }),
      { seed: 1 },
    );
  });
});

describe('wellFormed', () => {
  it('gives text that every UTF-8 encoder takes, and keeps text that already is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(wellFormed(text)).not.toMatch(/\p{Cs}/u);
        if (!/\p{Cs}/u.test(text)) expect(wellFormed(text)).toBe(text);
      }),
      { seed: 2 },
    );
  });
});

describe('escapeXml', () => {
  it('leaves only characters that XML 1.0 allows, and no markup', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeXml(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!#\d+;)/);
        expect(escaped).not.toMatch(/[^\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
      }),
      { seed: 3 },
    );
  });
});

describe('escapeMarkdown', () => {
  it.each([
    ['emphasis', '*a* _b_ ~c~', '\\*a\\* \\_b\\_ \\~c\\~'],
    ['a code span', '`x`', '\\`x\\`'],
    ['a table cell', 'a|b', 'a\\|b'],
    ['a link', '[x](javascript:alert(1))', '\\[x\\](javascript:alert(1))'],
    ['a bare link', 'https://example.com', 'https:&#8203;//example.com'],
    ['a link without scheme', 'www.example.com', 'www.&#8203;example.com'],
    ['HTML', '<img src=x>', '\\<img src=x\\>'],
    ['an entity', '&lt;', '&amp;lt;'],
    ['a mention', '@everyone', '@&#8203;everyone'],
    ['an issue', 'see #12', 'see #&#8203;12'],
    ['a heading', '# x', '\\# x'],
    ['a list', '- x', '\\- x'],
    ['a numbered list', '1. x', '1\\. x'],
    ['a line break', 'a\n# b', 'a\\\\n# b'],
    ['mathematics', '$x$', '\\$x\\$'],
  ])('makes %s plain', (_, text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it('leaves no unescaped markup and stays on one line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const rest = escapeMarkdown(text).replaceAll(/\\[!-/:-@[-`{-~]/g, '');
        expect(rest).not.toMatch(/[`*_[\]<>|~$\n\r]/);
        expect(rest).not.toMatch(/@(?!&#8203;)|:\/\//);
      }),
      { seed: 4 },
    );
  });
});

describe('escapeReference', () => {
  it('keeps different texts apart and uses only characters of URIs', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(escapeReference(a)).toMatch(/^[\w.~/@:+#%!'()*-]*$/);
        expect(escapeReference(a) === escapeReference(b)).toBe(a === b);
      }),
      { seed: 5 },
    );
  });
});
