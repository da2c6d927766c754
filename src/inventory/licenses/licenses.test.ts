import fc from 'fast-check';
import parse from 'spdx-expression-parse';
import { beforeAll, describe, expect, it } from 'vitest';
import { licensesOfCopyright } from './debian-copyright.ts';
import { joinLicenses, readLicense } from './license-expression.ts';
import { type LicenseIds, licenseIds, licenseReference } from './license-ids.ts';
import { licenseNames } from './license-names.ts';
import { licensesInText } from './license-text.ts';

let ids: LicenseIds;
beforeAll(async () => {
  ids = await licenseIds();
});

describe('readLicense', () => {
  it.each([
    ['MIT', 'MIT'],
    ['mit', 'MIT'],
    ['The MIT License', 'MIT'],
    ['Expat', 'MIT'],
    ['(MIT OR Apache-2.0)', 'MIT OR Apache-2.0'],
    ['MIT/Apache-2.0', 'MIT OR Apache-2.0'],
    ['MIT/X11', 'MIT'],
    ['(MIT OR Apache-2.0) AND BSD-3-Clause', '(MIT OR Apache-2.0) AND BSD-3-Clause'],
    ['MIT or ISC and Zlib', 'MIT OR (ISC AND Zlib)'],
    ['Apache License, Version 2.0', 'Apache-2.0'],
    ['Apache 2.0', 'Apache-2.0'],
    ['BSD 3-Clause License', 'BSD-3-Clause'],
    ['BSD', 'LicenseRef-BSD'],
    ['GPL-2', 'GPL-2.0-only'],
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPLv2+', 'GPL-2.0-or-later'],
    ['gpl-3.0+', 'GPL-3.0-or-later'],
    ['GPL-2.0', 'GPL-2.0-only'],
    ['GPL', 'GPL-1.0-or-later'],
    ['LGPLv2.1', 'LGPL-2.1-only'],
    ['LGPL', 'LGPL-2.0-or-later'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['GPL-1+ or Artistic', 'GPL-1.0-or-later OR Artistic-1.0-Perl'],
    [
      'GPL-1+ or Artistic, and BSD-4-clause-POWERDOG',
      '(GPL-1.0-or-later OR Artistic-1.0-Perl) AND LicenseRef-BSD-4-clause-POWERDOG',
    ],
    ['GPL-2+ with Autoconf exception', 'GPL-2.0-or-later WITH Autoconf-exception-2.0'],
    ['GPL-3+ with Autoconf-data exception', 'GPL-3.0-or-later WITH Autoconf-exception-3.0'],
    ['GPL-2 with Linux-syscall-note exception', 'GPL-2.0-only WITH Linux-syscall-note'],
    ['Apache-2.0 WITH LLVM-exception', 'Apache-2.0 WITH LLVM-exception'],
    ['GPL-2+ with OpenSSL exception', 'LicenseRef-GPL-2-or-later-with-OpenSSL-exception'],
    ['GPL-7', 'LicenseRef-GPL-7'],
    ['MIT, BSD-2-Clause', 'MIT AND BSD-2-Clause'],
    ['public-domain', 'LicenseRef-public-domain'],
    ['custom', 'LicenseRef-custom'],
    ['constructor', 'LicenseRef-constructor'],
    ['LicenseRef-scancode-x', 'LicenseRef-scancode-x'],
  ])('%s means %s', (statement, expected) => {
    expect(readLicense(statement, ids)).toBe(expected);
  });

  it.each([
    '',
    '   ',
    'Permission is hereby granted, free of charge, to any person',
    'This program may be freely used by everyone',
    '(MIT',
    'MIT OR',
    'AND',
    '(((((',
    'x'.repeat(5_000),
  ])('makes no expression of %j', (statement) => {
    expect(readLicense(statement, ids)).toBeUndefined();
  });

  it('gives nothing but expressions that spdx-expression-parse accepts', () => {
    const word = fc.constantFrom(
      ...'MIT GPL-2+ BSD and or OR AND with ( ) , OpenSSL exception Autoconf MIT/ISC é + -- LGPL-2.1-only'.split(' '),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const expression = readLicense(words.join(' '), ids);
        if (expression !== undefined) parse(expression);
      }),
      { numRuns: 3_000 },
    );
  });
});

it('knows only names that SPDX lists', () => {
  for (const id of Object.values(licenseNames)) expect(() => parse(id)).not.toThrow();
});

it('makes references of any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(licenseReference(text)).toMatch(/^LicenseRef-[A-Za-z0-9.]([A-Za-z0-9.-]*)$/);
    }),
  );
});

it('puts choices in parentheses when they are joined', () => {
  expect(joinLicenses(['MIT OR ISC', 'Zlib', 'Zlib'], 'AND')).toBe('(MIT OR ISC) AND Zlib');
  expect(joinLicenses(['MIT', 'ISC AND Zlib'], 'OR')).toBe('MIT OR (ISC AND Zlib)');
  expect(joinLicenses([], 'OR')).toBeUndefined();
});

describe('licensesInText', () => {
  const bsd = 'Redistribution and use in source\n * and binary forms, with or without modification';
  it.each<[string, readonly string[]]>([
    [bsd, ['BSD-2-Clause']],
    [`${bsd} ... may be used to endorse or promote`, ['BSD-3-Clause']],
    [`${bsd} ... endorse or promote ... All advertising materials`, ['BSD-4-Clause']],
    ['Permission is hereby granted, free of charge, to any person obtaining a copy of this software', ['MIT']],
    ['All rights reserved.', []],
  ])('%#', (text, expected) => {
    expect(licensesInText(text)).toEqual(expected);
  });
});

describe('licensesOfCopyright', () => {
  it('reads the Files stanzas of a machine-readable file', () => {
    const text = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: x

Files: *
Copyright: 2001 Somebody
License: GPL-3+
 This program is free software under /usr/share/common-licenses/GPL-2

Files: a b
License:
 BSD-3-clause

Files: c
License: GPL-3+ with Bison exception

Files: d
License: Permission is hereby granted, free of charge,
 to any person obtaining a copy of this software

License: Zlib
 only a text that nobody uses
`;
    expect(licensesOfCopyright(text, ids)).toEqual([
      'BSD-3-Clause',
      'GPL-3.0-or-later',
      'GPL-3.0-or-later WITH Bison-exception-2.2',
      'MIT',
    ]);
  });

  it('looks at the text of BSD licences that are named after their authors', () => {
    const clauses = 'Redistribution and use in source and binary\n forms, with or without modification';
    const text = (more: string): string =>
      `Format: 1\n\nFiles: *\nLicense: BSD-3-clause~author\n\nLicense: BSD-3-clause~author\n ${clauses}\n ${more}\n`;
    expect(licensesOfCopyright(text('nor be used to endorse or promote products'), ids)).toEqual(['BSD-3-Clause']);
    expect(licensesOfCopyright(text('All advertising materials'), ids)).toEqual(['LicenseRef-BSD-3-clause-author']);
    expect(licensesOfCopyright('Format: 1\n\nFiles: *\nLicense: BSD-3-clause-author\n', ids)).toEqual([
      'LicenseRef-BSD-3-clause-author',
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'a link to one version, later ones allowed',
      'version 2 of the License, or (at your option) any later version. See /usr/share/common-licenses/GPL-2.',
      ['GPL-2.0-or-later'],
    ],
    ['a link to one version', "see `/usr/share/common-licenses/LGPL-2.1'", ['LGPL-2.1-only']],
    [
      'a link without version beside one in prose',
      'either version 2, or (at your option) any later version ... /usr/share/common-licenses/GPL',
      ['GPL-2.0-or-later'],
    ],
    ['a link without version', 'Perl version 5: /usr/share/common-licenses/GPL', ['GPL-1.0-or-later']],
    [
      'several links',
      '/usr/share/common-licenses/Artistic and /usr/share/common-licenses/GPL-1 /usr/share/common-licenses/nonsense',
      ['Artistic-1.0-Perl', 'GPL-1.0-only'],
    ],
    ['the public domain', 'This was placed in the public domain.', ['LicenseRef-public-domain']],
    ['nothing known', 'All rights reserved.', []],
    ['a machine-readable file that states nothing', 'Format: x\n\nFiles: *\nLicense:\n', []],
  ])('finds %s', (_what, text, expected) => {
    expect(licensesOfCopyright(text, ids)).toEqual(expected);
  });

  it('survives random and repeated text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => {
        licensesOfCopyright(`Format: 1\n\nFiles: *\nLicense: ${text}`, ids);
        licensesOfCopyright(text, ids);
      }),
      { seed: 5 },
    );
    const repeated = 'redistribution and use in source and binary forms '.repeat(40_000);
    expect(licensesOfCopyright(repeated, ids)).toEqual(['BSD-2-Clause']);
  });
});
