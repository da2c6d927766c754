import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../core/diagnostics.ts';
import type { Finding } from '../model.ts';
import { sampleFinding, samplePackage } from '../testing/samples.ts';
import { applyIgnoreRules } from './apply.ts';
import { loadForeignRules, loadIgnoreFile, readIgnoreText } from './load.ts';
import type { IgnoreRule } from './rule.ts';
import { fitsWildcard } from './wildcard.ts';

const packages = [
  samplePackage('deb', 'libssl3', '3.0.1', {
    source: { name: 'openssl', version: '3.0.1' },
    evidence: [{ path: '/var/lib/dpkg/status', layer: 0, cataloger: 'dpkg' }],
  }),
  samplePackage('npm', '@s/x', '1.0', {
    evidence: [{ path: '/app/node_modules/@s/x/package.json', layer: 1, cataloger: 'npm' }],
  }),
];
const findings: readonly Finding[] = [
  sampleFinding('CVE-2024-0001', 'libssl3', {
    aliases: ['GHSA-aaaa'],
    packageId: 'deb/libssl3@3.0.1',
    purl: 'pkg:deb/debian/libssl3@3.0.1?arch=amd64',
    installedVersion: '3.0.1',
  }),
  sampleFinding('CVE-2024-0002', 'x', {
    packageId: 'npm/@s/x@1.0',
    purl: 'pkg:npm/%40s/x@1.0',
    installedVersion: '1.0',
    fix: { state: 'not-fixed' },
  }),
];

interface Applied {
  /** Reasons by id of what is suppressed. */
  readonly suppressed: Readonly<Record<string, string>>;
  readonly diagnostics: readonly string[];
}

async function apply(rules: readonly IgnoreRule[], earlier: readonly Diagnostic[] = []): Promise<Applied> {
  const diagnostics = [...earlier];
  const options = { now: new Date('2025-06-15T12:00:00Z'), report: (item: Diagnostic) => void diagnostics.push(item) };
  const result = await applyIgnoreRules(findings, packages, rules, options);
  const reasons = result.flatMap(({ id, verdict }) => (verdict.kind === 'open' ? [] : [[id, verdict.reason] as const]));
  return {
    suppressed: Object.fromEntries(reasons),
    diagnostics: diagnostics.map(({ code, parameters }) => `${code} ${'rule' in parameters ? parameters.rule : ''}`),
  };
}

async function applyText(name: string, text: string): Promise<Applied> {
  const diagnostics: Diagnostic[] = [];
  return apply(await readIgnoreText(name, text, (item) => diagnostics.push(item)), diagnostics);
}

describe('a rule of .cinzel.yaml', () => {
  it.each([
    ['id: CVE-2024-0001', ['CVE-2024-0001']],
    ['id: GHSA-aaaa', ['CVE-2024-0001']],
    ['id: [CVE-2024-0002, CVE-9999-1]', ['CVE-2024-0002']],
    ['id: CVE-2024-*', ['CVE-2024-0001', 'CVE-2024-0002']],
    ['purl: pkg:npm/%40s/x', ['CVE-2024-0002']],
    ['purl: "pkg:npm/*"', ['CVE-2024-0002']],
    ['purl: pkg:deb/debian/libssl3@3.0.1', ['CVE-2024-0001']],
    ['purl: pkg:deb/debian/libssl3@3.0.2', []],
    ['path: /app/**', ['CVE-2024-0002']],
    ['path: node_modules/@s/x/package.json', ['CVE-2024-0002']],
    ['path: /var/lib', []],
    ['package: openssl', ['CVE-2024-0001']],
    ['package: libssl*', ['CVE-2024-0001']],
    ['{package: openssl, id: CVE-2024-0002}', []],
    ['type: npm', ['CVE-2024-0002']],
    ['fix-state: not-fixed', ['CVE-2024-0002']],
    ['version: "1.0"', ['CVE-2024-0002']],
  ])('%s', async (condition, ids) => {
    const fields = condition.startsWith('{') ? condition.slice(1, -1).split(', ').join('\n    ') : condition;
    const { suppressed } = await applyText('.cinzel.yaml', `ignore:\n  - ${fields}\n    reason: because\n`);
    expect(suppressed).toEqual(Object.fromEntries(ids.map((id) => [id, 'because'])));
  });

  it('needs a reason, holds to its last day, and is reported when it matches nothing', async () => {
    const text = `ignore:
  - id: CVE-2024-0001
  - {id: CVE-2024-0001, reason: r, expires: 2025-06-14}
  - {id: CVE-2024-0002, reason: today, expires: 2025-06-15}
  - {id: CVE-1999-1, reason: r}
`;
    expect(await applyText('.cinzel.yaml', text)).toEqual({
      suppressed: { 'CVE-2024-0002': 'today' },
      diagnostics: [
        'ignore.without-reason .cinzel.yaml: ignore[0]',
        'ignore.expired .cinzel.yaml: ignore[1]',
        'ignore.unused .cinzel.yaml: ignore[3]',
      ],
    });
  });

  it.each([
    ['- reason: everything', /no-condition/],
    ['- {idd: x, reason: r}', /unknown-key.*idd/],
    ['- {id: x, expires: tomorrow}', /no-date/],
    ['- {id: x, expires: 2025-13-45}', /no-date/],
    ['- {id: {a: 1}}', /no-text-or-list/],
    ['- 7', /no-keys/],
    ['- {id: x, fix-state: maybe}', /no-fix-state/],
    ['id: x', /no-list/],
    ['- [', /usage.configuration/],
  ])('is refused when it cannot be meant: %s', async (text, message) => {
    const indented = text
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
    await expect(applyText('.cinzel.yaml', `ignore:\n${indented}\n`)).rejects.toThrowError(message);
  });
});

describe('.trivyignore', () => {
  it('is read with comments as reasons and expiry', async () => {
    const text = '# Not reachable\n# in our use\nCVE-2024-0001\n\nCVE-2024-0002 exp:2025-01-01\nAVD-1 # other\n';
    expect(await applyText('dir/.trivyignore', text)).toEqual({
      suppressed: { 'CVE-2024-0001': 'Not reachable in our use' },
      diagnostics: ['ignore.expired dir/.trivyignore: line 5', 'ignore.unused dir/.trivyignore: line 6'],
    });
    expect((await applyText('.trivyignore', 'CVE-2024-0001')).suppressed).toEqual({
      'CVE-2024-0001': 'listed in .trivyignore: line 1',
    });
  });

  it('is read in its YAML form', async () => {
    const text = `vulnerabilities:
  - id: CVE-2024-0001
    statement: Accepted
    expired_at: 2026-01-01
  - id: CVE-2024-0002
    paths: ["app/node_modules/**"]
    purls: ["pkg:npm/%40s/x"]
misconfigurations: [{id: AVD-1}]
`;
    expect((await applyText('.trivyignore.yaml', text)).suppressed).toEqual({
      'CVE-2024-0001': 'Accepted',
      'CVE-2024-0002': 'listed in .trivyignore.yaml: vulnerabilities[1]',
    });
  });
});

it('.grype.yaml is read, and rules with conditions that are not known are left out and said', async () => {
  const text = `ignore:
  - vulnerability: GHSA-aaaa
    reason: fine
    package: {name: libssl.*, type: deb, version: 3.0.1}
  - vulnerability: CVE-2024-0002
    package: {location: "/app/**"}
    fix-state: not-fixed
  - vulnerability: CVE-2024-0001
    namespace: debian
  - package: {name: "a|b"}
  - package: {type: odd}
  - fix-state: maybe
`;
  expect(await applyText('.grype.yaml', text)).toEqual({
    suppressed: { 'CVE-2024-0001': 'fine', 'CVE-2024-0002': 'listed in .grype.yaml: ignore[1]' },
    diagnostics: [2, 3, 4, 5].map((index) => `ignore.unsupported .grype.yaml: ignore[${index}]`),
  });
});

it('files of other scanners are found in a folder; a file that is named must be there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-ignore-'));
  try {
    expect(await loadForeignRules(folder, () => {})).toEqual([]);
    writeFileSync(join(folder, '.trivyignore'), 'CVE-2024-0001\n');
    writeFileSync(join(folder, '.grype.yaml'), 'ignore: [{vulnerability: CVE-2024-0002}]\n');
    const ids = (await loadForeignRules(folder, () => {})).map((rule) => rule.ids);
    expect(ids).toEqual([['CVE-2024-0001'], ['CVE-2024-0002']]);
    expect(await loadIgnoreFile(join(folder, '.trivyignore'), () => {})).toHaveLength(1);
    await expect(loadIgnoreFile(join(folder, 'absent'), () => {})).rejects.toMatchObject({
      code: 'environment.not-found',
    });
    await expect(loadIgnoreFile(folder, () => {})).rejects.toMatchObject({ code: 'environment.read' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it.each([
  ['nothing', ''],
  ['a map for a list', 'ignore: {a: 1}'],
  ['a list', '[]'],
  ['an alias to itself', 'x: &a [*a]'],
  ['nested lists', 'ignore:\n - - -'],
  ['a control character', '\u0000'],
  ['many braces', '{'.repeat(5_000)],
])('hostile text is rules, none, or a fault of the file: %s', async (_name, text) => {
  for (const name of ['.cinzel.yaml', '.grype.yaml', '.trivyignore.yaml', '.trivyignore']) {
    const rules = await readIgnoreText(name, text, () => {}).catch((error: { code?: string }) => error.code);
    expect(Array.isArray(rules) || rules === 'usage.configuration').toBe(true);
  }
});

describe('a wildcard', () => {
  it('fits as its regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (wildcard, value) => {
        const source = wildcard.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(fitsWildcard(wildcard, value)).toBe(new RegExp(`^${source}$`).test(value));
      }),
      { numRuns: 3_000, seed: 5 },
    );
  });

  it('does not hang on many stars', () => {
    expect(fitsWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(10_000))).toBe(false);
  });
});
