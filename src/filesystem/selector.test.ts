import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { catalogers } from '../inventory/catalogers/index.ts';
import { compileSelector } from './selector.ts';

const packagePaths: readonly (readonly [string, boolean])[] = [
  ['/node_modules/a/package.json', true],
  ['/node_modules/@s/a/package.json', true],
  ['/app/node_modules/a/node_modules/b/package.json', true],
  ['/app/node_modules/.pnpm/a@1/node_modules/a/package.json', true],
  ['/app/package.json', false],
  ['/x.dist-info/METADATA', true],
  ['/.venv/lib/x.dist-info/METADATA', true],
  ['/x.egg-info', true],
  ['/x.egg', true],
  ['/a\nb/x.dist-info/METADATA', true],
  ['/egg', false],
  ['/var/lib/dpkg/status', true],
  ['/x/var/lib/dpkg/status', false],
  ['/var/lib/dpkg/status.d/base', true],
];

describe('selecting paths', () => {
  it.each(packagePaths)('%j is evidence of a package: %s', (path, expected) => {
    const selects = compileSelector(catalogers.flatMap((cataloger) => cataloger.selects));
    expect(selects(path)).toBe(expected);
  });

  it.each(['/**/x.json', '**/x.json'])('%s is found at the root and below', (glob) => {
    const selects = compileSelector([glob]);
    expect(['/x.json', '/a/x.json', '/a/.b/x.json', '/xx.json', '/a/x.json/b'].map(selects)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('decides by name or ending as the patterns themselves would', () => {
    const globs = ['**/b', '**/*.c', '/a/**/*', '**/@*/[^.]*/b', '/a/!(*.c)', '**/b.c'];
    const part = fc.constantFrom('a', 'b', 'c', '@a', '.b', 'a.c', 'b.c', '.c', 'c.b');
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
    const selects = compileSelector(globs);
    const matches = picomatch(globs, { dot: true });
    fc.assert(
      fc.property(path, (text) => selects(text) === matches(text)),
      { numRuns: 2_000 },
    );
  });
});
