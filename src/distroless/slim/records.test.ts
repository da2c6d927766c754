import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseApkDatabase } from '../../formats/apk-database.ts';
import { parseDeb822 } from '../../formats/deb822.ts';
import { rewriteApkDatabase } from './apk-database.ts';
import { rewriteList, rewriteSums } from './dpkg-lists.ts';
import { type ListedPackage, rewriteStatus } from './dpkg-status.ts';

const amounts: Readonly<Record<string, { kept: number; total: number }>> = {
  whole: { kept: 3, total: 3 },
  part: { kept: 3, total: 120 },
};
const listed: ListedPackage = (name) => (Object.hasOwn(amounts, name) ? amounts[name] : undefined);

describe('rewriteStatus', () => {
  it('keeps the stanzas of listed packages as they are, and says of which files are missing', () => {
    const text =
      'Package: whole\nVersion: 1\nDescription: x\n y\n .\n\nPackage: gone\nVersion: 1\n\nPackage: part\nVersion: 2\n';
    expect(rewriteStatus(text, listed)).toBe(
      'Package: whole\nVersion: 1\nDescription: x\n y\n .\n\nPackage: part\nVersion: 2\nX-Cinzel-Kept: 3/120\n',
    );
  });

  it('remembers of how many files an image had been slimmed before', () => {
    const text = 'Package: whole\nX-Cinzel-Kept: 3/50\nVersion: 1\n';
    expect(rewriteStatus(text, listed)).toBe('Package: whole\nVersion: 1\nX-Cinzel-Kept: 3/50\n');
    expect(rewriteStatus(rewriteStatus(text, listed), listed)).toBe(rewriteStatus(text, listed));
  });

  it('keeps each architecture apart', () => {
    const text = 'Package: part\nArchitecture: amd64\n\nPackage: part\nArchitecture: i386\n';
    const one: ListedPackage = (name, architecture) =>
      architecture === 'i386' ? listed(name, architecture) : undefined;
    expect(rewriteStatus(text, one)).toBe('Package: part\nArchitecture: i386\nX-Cinzel-Kept: 3/120\n');
  });

  it('never lists what is not listed, whatever it is given', () => {
    const line = fc.constantFrom(
      'Package: part',
      'Package: gone',
      'X-Cinzel-Kept: 9/9',
      ' x',
      '',
      ' ',
      '\r',
      ':',
      'Version: 1',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(line).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const found = [...parseDeb822(rewriteStatus(given, listed))].map((one) => one.get('Package'));
        expect(found.every((name) => name === 'part' || name === 'whole')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('rewriteList and rewriteSums', () => {
  const kept = new Set(['/', '/usr', '/usr/a b']);
  const isKept = (path: string): boolean => kept.has(path);

  it('keep the lines of kept files and folders', () => {
    expect(rewriteList('/.\n/usr\n/usr/a b\n/usr/c\n', isKept)).toBe('/.\n/usr\n/usr/a b\n');
    const sum = '0123456789abcdef0123456789abcdef';
    expect(rewriteSums(`${sum}  usr/a b\n${sum}  usr/c\n${sum}  ../../usr\n`, isKept)).toBe(`${sum}  usr/a b\n`);
  });

  it('take anything', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const rewrite of [rewriteList, rewriteSums]) {
          const lines = text.split('\n');
          expect(
            rewrite(text, () => true)
              .split('\n')
              .every((line) => line === '' || lines.includes(line)),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('rewriteApkDatabase', () => {
  const text = `C:Q1x=
P:part
V:1-r0
A:x86_64
F:etc
M:0:0:755
R:a.conf
a:0:0:600
Z:Q1aaaaaaaaaaaaaaaaaaaaaaaaaaa=
R:b.conf
Z:Q1bbbbbbbbbbbbbbbbbbbbbbbbbbb=
F:usr
F:usr/bin
R:a
Z:Q1ccccccccccccccccccccccccccc=

P:gone
V:1
F:bin
R:gone

`;

  it('keeps listed packages with the files that are kept', () => {
    const kept = new Set(['/etc/a.conf', '/usr/bin/a']);
    expect(rewriteApkDatabase(text, listed, (path) => kept.has(path))).toBe(`C:Q1x=
P:part
V:1-r0
A:x86_64
F:etc
M:0:0:755
R:a.conf
a:0:0:600
Z:Q1aaaaaaaaaaaaaaaaaaaaaaaaaaa=
F:usr/bin
R:a
Z:Q1ccccccccccccccccccccccccccc=

`);
  });

  it('stays a database whatever it is given', () => {
    const line = fc.constantFrom('P:part', 'P:gone', 'F:x', 'R:y', 'Z:z', 'M:0', '', 'x', 'F:../..');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const given = rewriteApkDatabase(lines.join('\n'), listed, () => true);
        const names = [...parseApkDatabase(given)].map(({ fields }) => fields.get('P'));
        expect(names.every((name) => name === 'part')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
