import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { partGlobs } from './part-globs.ts';

const folds = { folds: true };

describe('globs of what a package keeps', () => {
  it('name a folder that is kept whole, and a library in any patch level', () => {
    const owned = new Map([
      ['/usr/lib/x/libssl.so.3', true],
      ['/usr/lib/x/libssl.so.3.0.17', true],
      ['/usr/lib/x/engines-3/a.so', false],
      ['/usr/share/zoneinfo/Europe/Lisbon', true],
      ['/usr/share/zoneinfo/UTC', true],
      ['/usr/share/doc/x/README', false],
    ]);
    expect(partGlobs(owned, folds)).toEqual({ keep: ['/usr/lib/x/libssl.so.*', '/usr/share/zoneinfo/**'] });
    expect(partGlobs(owned, { folds: false })).toEqual({
      keep: ['/usr/lib/x/libssl.so.*', '/usr/share/zoneinfo/Europe/Lisbon', '/usr/share/zoneinfo/UTC'],
    });
  });

  it('tell a library from another major version that is dropped', () => {
    const owned = new Map([
      ['/usr/lib/liba.so.1', true],
      ['/usr/lib/liba.so.2', false],
    ]);
    expect(partGlobs(owned, folds)).toEqual({ keep: ['/usr/lib/liba.so.1'] });
  });

  it('name what is dropped of a folder that is kept but for little', () => {
    const zones = ['Africa/Abidjan', 'Africa/Accra', 'America/Lima', 'CET', 'EET', 'UTC'];
    const owned = new Map(zones.map((zone) => [`/usr/share/zoneinfo/${zone}`, true]));
    owned.set('/usr/share/zoneinfo/right/UTC', false).set('/usr/share/zoneinfo/leap[s]', false);
    expect(partGlobs(owned, folds)).toEqual({
      keep: ['/usr/share/zoneinfo/**'],
      drop: ['/usr/share/zoneinfo/leap\\[s\\]', '/usr/share/zoneinfo/right/**'],
    });
  });

  it('match all that is kept and nothing that is dropped, whatever the names', () => {
    // Of two backslashes picomatch makes one.
    const isName = (text: string): boolean => !/^\.+$|\\\\/.test(text);
    const name = fc.stringMatching(/^[a-c.[\](){}*?!+@|\\ so0-9-]{1,6}$/).filter(isName);
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => `/${names.join('/')}`);
    const files = fc.dictionary(path, fc.boolean(), { maxKeys: 30 }).map(withoutFilesAsFolders);
    fc.assert(
      fc.property(files, fc.boolean(), (owned, isFolding) => {
        const { keep, drop = [] } = partGlobs(owned, { folds: isFolding });
        const [taken, left] = [keep, drop].map((globs) => picomatch([...globs], { dot: true }));
        for (const [one, kept] of owned) expect(taken?.(one) && !left?.(one), one).toBe(kept);
      }),
    );
  });
});

function withoutFilesAsFolders(files: Record<string, boolean>): ReadonlyMap<string, boolean> {
  const paths = Object.keys(files);
  return new Map(Object.entries(files).filter(([one]) => !paths.some((other) => other.startsWith(`${one}/`))));
}
