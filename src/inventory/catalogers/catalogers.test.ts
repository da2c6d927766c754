import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import parseExpression from 'spdx-expression-parse';
import { describe, expect, it } from 'vitest';
import { createContext } from '../../core/context.ts';
import type { Cataloger } from '../cataloger.ts';
import type { Inventory } from '../model.ts';
import { parsePurl } from '../purl.ts';
import { takeInventory } from '../take-inventory.ts';
import { memoryFilesystem } from '../testing/memory-filesystem.ts';
import { catalogers } from './index.ts';
import { versions } from './versions.ts';

/** For each cataloger, a file that it selects, and its content where a package is there. */
const samples: Readonly<Record<string, readonly (readonly [path: string, content: string])[]>> = {
  dpkg: [
    [
      '/var/lib/dpkg/status',
      'Package: a\nStatus: install ok installed\nVersion: 1:2-3\nArchitecture: amd64\nSource: s (2)\nDepends: b | c (>= 1)\nDescription: x\n y\n\n',
    ],
    ['/var/lib/dpkg/info/a.list', '/.\n/usr\n/usr/a\n'],
    ['/usr/share/doc/a/copyright', 'Format: https://x\n\nFiles: *\nLicense: GPL-2+ or MIT\n text\n'],
    ['/var/lib/dpkg/diversions', '/usr/a\n/usr/b\n:\n'],
  ],
  apk: [['/lib/apk/db/installed', 'P:a\nV:1.2-r3\nA:x86_64\nL:MIT OR X\no:s\nD:b>1\nF:usr\nR:a\nZ:Q1AAAA\n\n']],
  npm: [
    [
      '/node_modules/@s/a/package.json',
      '{"name": "@s/a", "version": "1.0.0", "license": "MIT", "dependencies": {"b": "1"}}',
    ],
    ['/node_modules/.package-lock.json', '{"packages": {"node_modules/@s/a": {"resolved": "https://x"}}}'],
  ],
  python: [
    [
      '/p/a-1.dist-info/METADATA',
      'Metadata-Version: 2.1\nName: A_b\nVersion: 1.0\nLicense: BSD\nRequires-Dist: c (>1)\n\nx',
    ],
    ['/p/a-1.dist-info/RECORD', 'a.py,sha256=AAAA,3\n"b ""c"".py",,\n'],
    ['/p/a-1.dist-info/direct_url.json', '{"url": "https://u:p@x/y", "vcs_info": {"vcs": "git", "commit_id": "1"}}'],
    ['/p/b.egg', 'PK\u0003\u0004'],
  ],
};

async function inventoryOf(
  cataloger: Cataloger,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Inventory> {
  const filesystem = memoryFilesystem({ '/etc/os-release': 'ID=debian\nVERSION_ID=12\n', ...files });
  return takeInventory(filesystem, [cataloger], createContext());
}

/** What holds for every inventory, whatever the input. */
async function check({ packages, history, files }: Inventory): Promise<void> {
  const ids = [...packages, ...history].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { purl, name, version, licenses, dependsOn = [] } of packages) {
    expect(name).not.toBe('');
    expect(version).not.toBe('');
    expect(parsePurl(purl)?.version).toBe(Buffer.from(version).toString());
    for (const license of licenses) parseExpression(license);
    for (const id of dependsOn) expect(ids).toContain(id);
  }
  for (const [id, owned] of await files()) {
    expect(ids).toContain(id);
    for (const { path } of owned) expect(path).toMatch(/^\/(?!.*\/\.\.?(\/|$))/);
  }
}

it('are all in the list, each with a version of its own and a sample here', () => {
  const sources = readdirSync(import.meta.dirname).filter((name) => /^[^.]+\.ts$/.test(name));
  const declared = sources.flatMap((name) => {
    const text = readFileSync(`${import.meta.dirname}/${name}`, 'utf8');
    return /^export const \w+: Cataloger = \{\n {2}id: '([^']+)'/m.exec(text)?.[1] ?? [];
  });
  const ids = catalogers.map(({ id }) => id).sort();
  expect(declared.sort()).toEqual(ids);
  expect(Object.keys(versions).sort()).toEqual(ids);
  expect(Object.keys(samples).sort()).toEqual(ids);
});

describe.each(catalogers.map((cataloger) => [cataloger.id, cataloger] as const))('%s', (id, cataloger) => {
  const sample = samples[id] ?? [];
  const whole = Object.fromEntries(sample);

  it('finds the package of its sample, twice the same', async () => {
    const inventory = await inventoryOf(cataloger, whole);
    await check(inventory);
    expect(inventory.packages).toHaveLength(1);
    expect((await inventoryOf(cataloger, whole)).packages).toEqual(inventory.packages);
  });

  it('bears its files cut anywhere', async () => {
    for (const [path, content] of sample) {
      for (let length = 0; length < content.length; length += 3)
        await check(await inventoryOf(cataloger, { ...whole, [path]: content.slice(0, length) }));
    }
  });

  it('bears any bytes in its files', { timeout: 120_000 }, async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
    );
    const contents = fc.tuple(...sample.map(([, content]) => fc.oneof(bytes, fc.constant(Buffer.from(content)))));
    await fc.assert(
      fc.asyncProperty(contents, async (list) => {
        await check(
          await inventoryOf(cataloger, Object.fromEntries(list.map((part, index) => [sample[index]?.[0] ?? '', part]))),
        );
      }),
      { numRuns: 200, interruptAfterTimeLimit: 20_000 },
    );
  });

  it('bears any words where its own stand', { timeout: 120_000 }, async () => {
    const hostile = fc.constantFrom(
      '',
      '..',
      '../../etc',
      '\u001b[31m',
      '__proto__',
      '\0',
      '💥',
      '%',
      '@',
      '(',
      'é\udc80',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 12, maxLength: 12 }), fc.nat(), async (words, seed) => {
        let place = seed;
        const changed = sample.map(([path, content]) => {
          const text = content.replace(/\w+/g, (word) => (++place % 7 === 0 ? (words[place % 12] ?? word) : word));
          return [path, text] as const;
        });
        await check(await inventoryOf(cataloger, Object.fromEntries(changed)));
      }),
      { numRuns: 300, interruptAfterTimeLimit: 20_000 },
    );
  });
});
