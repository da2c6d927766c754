import { describe, expect, it } from 'vitest';
import { sampleFinding, samplePackage } from '../../findings/testing/samples.ts';
import type { Package } from '../../inventory/model.ts';
import type { Plan, PlanEntry, PlanPackage } from '../../reach/plan/model.ts';
import { openVex } from './open-vex.ts';
import { planVulnerabilities } from './vulnerabilities.ts';

const ssl = { source: { name: 'openssl', version: '3' } };
const gone = samplePackage('deb', 'gone', '1');
const tool = samplePackage('deb', 'openssl', '3', ssl);
const library = samplePackage('deb', 'libssl3', '3', ssl);

function planned(fates: readonly (readonly [Package, PlanPackage['fate'], readonly string[]])[]): {
  readonly plan: Plan;
  readonly packages: readonly Package[];
} {
  const amount = { kept: 1, total: 2 };
  return {
    packages: fates.map(([one]) => one),
    plan: {
      packages: fates.map(([{ id, type, name, version }, fate]) => {
        return { id, type, name, version, fate, files: amount, bytes: amount };
      }),
      entries: fates.flatMap(([{ id }, , paths]) =>
        paths.map((path): PlanEntry => ({ path, type: 'file', size: 1, package: id, fate: 'kept', reason: 'data' })),
      ),
    },
  };
}

function answer(
  fates: Parameters<typeof planned>[0],
  code: readonly string[] = [],
): { readonly before: number; readonly after: number; readonly gone: string[]; readonly codeGone: string[] } {
  const findings = fates.map(([{ id, name, version, source = { name, version } }]) =>
    sampleFinding('CVE-2024-1', name, { packageId: id, group: `deb/${source.name}@${source.version}` }),
  );
  const reason = { kind: 'data', certain: true } as const;
  const nodes = new Map(
    code.map((path) => [path, { path, type: 'file' as const, size: 1, reasons: [reason] as const, code: true }]),
  );
  const graph = { nodes, missing: [], undecided: [], mentioned: new Set<string>(), notKept: [] };
  const told = planVulnerabilities(findings, { ...planned(fates), graph });
  return { ...told, gone: told.gone.map(({ group }) => group), codeGone: told.codeGone.map(({ group }) => group) };
}

describe('planVulnerabilities', () => {
  it('tells what leaves with its packages, by source', () => {
    const told = answer([
      [gone, 'dropped', []],
      [tool, 'dropped', []],
      [library, 'kept', ['/usr/lib/libssl.so.3']],
    ]);
    expect(told).toMatchObject({ before: 2, after: 1, gone: ['deb/gone@1'], codeGone: [] });
  });

  it('tells of packages that remain in part that their code is gone, only if that of all binaries is', () => {
    const configuration = ['/etc/ssl/openssl.cnf'];
    expect(answer([[tool, 'partial', configuration]]).codeGone).toEqual(['deb/openssl@3']);
    expect(answer([[tool, 'kept', configuration]]).codeGone).toEqual([]);
    expect(answer([[tool, 'partial', ['/usr/bin/openssl']]]).codeGone).toEqual([]);
    expect(answer([[tool, 'partial', ['/opt/program']]], ['/opt/program']).codeGone).toEqual([]);
    const both = answer([
      [tool, 'partial', configuration],
      [library, 'partial', ['/usr/lib/libssl.so.3']],
    ]);
    expect(both.codeGone).toEqual([]);
  });

  it('does not tell so of what was built into another package', () => {
    const bundle = samplePackage('deb', 'static', '1', { builtUsing: [{ name: 'openssl', version: '3' }] });
    const fates = (fate: PlanPackage['fate']) =>
      [
        [tool, 'partial', ['/etc/ssl/openssl.cnf']],
        [bundle, fate, []],
      ] as const;
    expect(answer(fates('dropped')).codeGone).toEqual(['deb/openssl@3']);
    expect(answer(fates('kept')).codeGone).toEqual([]);
  });
});

describe('openVex', () => {
  it('says of each vulnerability what is not there, the same for the same facts', () => {
    const vulnerability = { id: 'CVE-2024-1', group: 'deb/openssl@3', severity: 'high', packages: [tool.id] } as const;
    const facts = {
      name: 'registry.example/team/app',
      digest: `sha256:${'a'.repeat(64)}`,
      created: '2026-01-01T00:00:00Z',
      vulnerabilities: [vulnerability],
      packages: [tool],
    } as const;
    const document = openVex(facts);
    expect(document).toEqual(openVex(facts));
    expect(document).toMatchObject({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': expect.stringMatching(/^urn:cinzel:vex:[0-9a-f]{64}$/),
      timestamp: facts.created,
      statements: [
        {
          vulnerability: { name: 'CVE-2024-1' },
          products: [
            { '@id': `pkg:oci/app@sha256%3A${'a'.repeat(64)}`, subcomponents: [{ '@id': 'pkg:deb/openssl@3' }] },
          ],
          status: 'not_affected',
          justification: 'vulnerable_code_not_present',
        },
      ],
    });
  });
});
