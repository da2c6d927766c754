import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { columns, padded, shortened, wrapped } from './text-layout.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 30 });

describe('columns', () => {
  it('agrees with the width tables for every character of the basic plane', () => {
    for (let code = 0x20; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      expect(columns(`a${character}`), code.toString(16)).toBe(stringWidth(`a${character}`));
    }
  });
});

describe('text on a line', () => {
  it('never takes more columns than it may', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (line, width) => {
        expect(columns(shortened(line, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('is padded to the width, and left alone when it is wider', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 40 }), (line, width) => {
        expect(columns(padded(line, width))).toBe(Math.max(width, columns(line)));
      }),
    );
  });

  it('is wrapped between words without losing any', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z→é]{1,8}$/)), fc.integer({ min: 10, max: 40 }), (words, width) => {
        const lines = wrapped(words, width);
        expect(lines.join(' ').split(' ').filter(Boolean)).toEqual(words);
        for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
