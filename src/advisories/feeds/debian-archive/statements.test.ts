import { describe, expect, it } from 'vitest';
import { statementsOf } from './statements.ts';

function texts(...lines: string[]): string[] {
  return statementsOf(lines).map(({ text }) => text);
}

describe('statementsOf', () => {
  it('joins wrapped lines', () => {
    expect(texts('', '  * Fix a use', '    after free', '', '  * Other.')).toEqual(['Fix a use after free', 'Other.']);
  });

  it('puts an id together that was broken across lines', () => {
    expect(texts('  * Fix CVE-2024-', '    1234 and CVE-', '    2024-1235')).toEqual([
      'Fix CVE-2024-1234 and CVE-2024-1235',
    ]);
  });

  it('knows the items that one stands under', () => {
    const lines = ['  * Outer:', '    - inner', '      + innermost', '    - second', '  * Next'];
    expect(statementsOf(lines)).toEqual([
      { text: 'Outer:', headings: [] },
      { text: 'inner', headings: ['Outer:'] },
      { text: 'innermost', headings: ['Outer:', 'inner'] },
      { text: 'second', headings: ['Outer:'] },
      { text: 'Next', headings: [] },
    ]);
  });

  it('takes lines that an id labels as items', () => {
    const lines = [
      '  * New release, fixing:',
      '    CVE-2024-0001: one',
      '      and more',
      '    CVE-2024-0002: two',
      '  * Next',
    ];
    expect(statementsOf(lines)).toEqual([
      { text: 'New release, fixing:', headings: [] },
      { text: 'CVE-2024-0001: one and more', headings: ['New release, fixing:'] },
      { text: 'CVE-2024-0002: two', headings: ['New release, fixing:'] },
      { text: 'Next', headings: [] },
    ]);
  });

  it.each([
    ['a list', '  * Fixes CVE-2024-0001,', '    CVE-2024-0002 (Closes: #1)'],
    ['a preposition', '  * This version is not affected by', '    CVE-2024-0002: one'],
    ['a title whose id stands in parentheses', '  - drop a patch of memory', '    (CVE-2024-0002)'],
  ])('does not take a line for an item that goes on %s', (_, ...lines) => {
    expect(texts(...lines)).toHaveLength(1);
  });

  it('starts anew for another author', () => {
    const lines = ['  [ One Person ]', '  * a:', '  [ Another ]', '    - b'];
    expect(statementsOf(lines).map(({ headings }) => headings)).toEqual([[], []]);
  });

  it('reads text that has no bullets', () => {
    expect(texts('  First line', '  goes on.', '', '  Second paragraph.')).toEqual([
      'First line goes on.',
      'Second paragraph.',
    ]);
  });
});
