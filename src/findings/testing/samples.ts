import type { Advisory } from '../../advisories/model.ts';
import type { AdvisoryStore, StorePart } from '../../advisories/store.ts';
import type { Package, PackageType } from '../../inventory/model.ts';
import type { Finding } from '../model.ts';

/** An installed package, of its own source unless said otherwise. */
export function samplePackage(type: PackageType, name: string, version: string, parts: Partial<Package> = {}): Package {
  return {
    id: `${type}/${name}@${version}`,
    type,
    name,
    version,
    purl: `pkg:${type}/${name}@${version}`,
    licenses: [],
    layer: 0,
    evidence: [{ path: `/lib/${name}`, layer: 0, cataloger: 'test' }],
    fate: { kind: 'present' },
    ...parts,
  };
}

/** A store in memory; each feed is one part that covers the ecosystems its advisories name. */
export function sampleStore(...advisories: readonly Advisory[]): Pick<AdvisoryStore, 'find' | 'parts'> {
  const feeds = [...new Set(advisories.map(({ feed }) => feed))];
  return {
    find: (ecosystem, name) =>
      feeds.flatMap((feed) => {
        const affected = advisories
          .filter((advisory) => advisory.feed === feed)
          .flatMap(({ affected: entries, ...record }) =>
            entries
              .filter((entry) => entry.ecosystem === ecosystem && entry.name === name)
              .map((entry) => ({ ...entry, id: record.id, record: () => record })),
          );
        return affected.length === 0 ? [] : [{ feed, part: 'all', affected: () => affected }];
      }),
    parts: () =>
      feeds.map((feed) =>
        samplePart(
          feed,
          advisories.filter((advisory) => advisory.feed === feed),
        ),
      ),
  };
}

function samplePart(id: string, advisories: readonly Advisory[]): StorePart {
  const ecosystems = new Set(advisories.flatMap(({ affected }) => affected.map(({ ecosystem }) => ecosystem)));
  return {
    id,
    part: 'all',
    records: advisories.length,
    updatedAt: '2024-01-01T00:00:00Z',
    feedVersion: 1,
    cursor: {},
    ecosystems: [...ecosystems],
    coverage: 'ecosystem',
  };
}

/** An open finding of a package that can be fixed. */
export function sampleFinding(id: string, name: string, parts: Partial<Finding> = {}): Finding {
  return {
    id,
    aliases: [],
    packageId: `npm/${name}@1`,
    purl: `pkg:npm/${name}@1`,
    installedVersion: '1',
    group: `npm/${name}@1`,
    severity: 'high',
    fix: { state: 'fixed', version: '2' },
    layer: 0,
    reachable: { answer: 'unknown', reason: 'not computed' },
    sources: [],
    match: { rule: 'name', range: [], comparedVersion: '1' },
    verdict: { kind: 'open' },
    ...parts,
  };
}
