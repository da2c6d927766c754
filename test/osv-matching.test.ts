import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOsvFeed } from '../src/advisories/feeds/osv/index.ts';
import { openStore } from '../src/advisories/store/open-store.ts';
import type { AdvisoryStore } from '../src/advisories/store.ts';
import { type OsvServer, startOsvServer } from '../src/advisories/testing/osv-server.ts';
import { createContext } from '../src/core/context.ts';
import { findVulnerabilities } from '../src/findings/find-vulnerabilities.ts';
import type { PackageType } from '../src/inventory/model.ts';
import { packagePurl } from '../src/inventory/package-purl.ts';
import { readSbom } from '../src/inventory/sbom-input.ts';
import { createHttpClient } from '../src/net/http-client.ts';

const feed = join(import.meta.dirname, '../../shared/feeds/osv');
const oracle = join(import.meta.dirname, 'oracles/osv_evaluate.py');

const types: Readonly<Record<string, PackageType>> = {
  Go: 'golang',
  npm: 'npm',
  'crates.io': 'cargo',
  PyPI: 'pypi',
  RubyGems: 'gem',
  Packagist: 'composer',
  Debian: 'deb',
};

/** What the oracle says about one version of one package. */
interface Answer {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly ids: readonly string[];
}

const available = existsSync(feed) && spawnSync('python3', ['-c', 'import pip._vendor.packaging']).status === 0;

describe.skipIf(!existsSync(feed) || (!available && !process.env['CI']))('every record of the feed', () => {
  let directory = '';
  let store: AdvisoryStore;
  let server: OsvServer;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cinzel-osv-'));
    server = await startOsvServer(feed);
    store = await openStore(directory, { readOnly: false, exclusive: (_path, write) => write() });
    await createOsvFeed({ url: server.url }).update(
      { ecosystems: Object.keys(types), sources: [] },
      {
        http: createHttpClient({ environment: {} }),
        store,
        context: createContext(),
        cache: { get: async () => undefined, put: async () => undefined },
        report: (diagnostic) => expect.fail(JSON.stringify(diagnostic)),
      },
    );
  });

  afterAll(async () => {
    await store.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(Object.keys(types))(
    'is matched as the specification says, at and around each boundary: %s',
    (ecosystem) => {
      const answers = askOracle(ecosystem);
      expect(answers.length).toBeGreaterThan(5_000);
      const differences: unknown[] = [];
      for (const [suffix, group] of groupBy(answers, (answer) => answer.ecosystem)) {
        const found = match(suffix, group);
        for (const answer of group) {
          const ids = found.get(key(answer)) ?? [];
          if (ids.join() !== answer.ids.join()) differences.push({ ...answer, found: ids });
        }
      }
      expect(differences).toEqual([]);
    },
    300_000,
  );

  function match(ecosystem: string, answers: readonly Answer[]): ReadonlyMap<string, readonly string[]> {
    const purls = new Map(answers.map((answer) => [purlOf(answer), key(answer)]));
    const components = [...purls.keys()].map((purl) => ({ type: 'library', name: 'x', purl }));
    const release = ecosystem.split(':')[1];
    const system = { type: 'operating-system', name: 'debian', version: release };
    const document = {
      bomFormat: 'CycloneDX',
      components: release === undefined ? components : [system, ...components],
    };
    const inventory = readSbom(Buffer.from(JSON.stringify(document)), 'x.json', { entries: 1_000_000 });
    expect(inventory.packages).toHaveLength(purls.size);
    const { findings } = findVulnerabilities(inventory, store, { report: () => {} });
    const records = new Map<string, Set<string>>();
    for (const { purl, sources } of findings) {
      const name = purls.get(purl) ?? expect.fail(purl);
      const ids = records.get(name) ?? new Set();
      for (const { id } of sources) ids.add(id);
      records.set(name, ids);
    }
    return new Map([...records].map(([name, ids]) => [name, [...ids].sort()]));
  }
});

function askOracle(ecosystem: string): readonly Answer[] {
  const text = execFileSync('python3', [oracle, feed, ecosystem], { encoding: 'utf8', maxBuffer: 1024 ** 3 });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

function purlOf({ ecosystem, name, version }: Answer): string {
  const type = types[ecosystem.split(':')[0] ?? ''] ?? expect.fail(ecosystem);
  // Canonical text has npm names in lower case, and old packages differ in nothing but case: jQuery is not jquery.
  if (type === 'npm') return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
  return packagePurl(type, name, version, type === 'deb' ? { namespace: 'debian' } : {});
}

function key({ name, version }: Answer): string {
  return `${name} ${version}`;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
