import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { advisoriesOf } from '../src/advisories/feeds/debian-archive/advisories.ts';
import { analyseChangelog } from '../src/advisories/feeds/debian-archive/analysis.ts';
import { compareText } from '../src/core/compare-text.ts';
import { findVulnerabilities } from '../src/findings/find-vulnerabilities.ts';
import { samplePackage, sampleStore } from '../src/findings/testing/samples.ts';
import { parseChangelog } from '../src/repositories/apt/changelog.ts';
import { chooseMirrors, readHostSources } from '../src/repositories/apt/mirrors.ts';
import { versionSchemes } from '../src/versions/index.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
/** What dpkg knew on a Debian 12 made from `main` alone, reduced to the fields that name sources. */
const status = join(here, 'fixtures/debian-12-status');
const folder = mkdtempSync(join(tmpdir(), 'cinzel-debian-oracle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mirrors = chooseMirrors({
  given: process.env['CINZEL_MIRROR'],
  hostSources: readHostSources(),
  now: new Date(),
});

async function answers(): Promise<boolean> {
  if (mirrors.origin === 'public') return false;
  const request = fetch(`${mirrors.main}/dists/bookworm/InRelease`, {
    method: 'HEAD',
    signal: AbortSignal.timeout(5_000),
  });
  return request.then(({ ok }) => ok).catch(() => false);
}

interface OracleAnswer {
  /** `CVE`, source and fixed version, joined by tabs. */
  readonly lines: readonly string[];
  /** Name, installed and newest version of the sources that lag. */
  readonly lagging: readonly (readonly [string, string, string])[];
  readonly changelogs: string;
}

async function askOracle(): Promise<OracleAnswer> {
  const changelogs = join(folder, 'changelogs');
  const lagging = join(folder, 'lagging');
  const { stdout } = await run(
    'python3',
    [
      join(here, 'oracles/debian_changelogs.py'),
      `--status=${status}`,
      `--changelogs=${changelogs}`,
      `--lagging=${lagging}`,
      `--suite=${mirrors.main},bookworm`,
      `--suite=${mirrors.main},bookworm-updates`,
      `--suite=${mirrors.security},bookworm-security`,
    ],
    { maxBuffer: 64 * 1024 ** 2 },
  );
  const rows = readFileSync(lagging, 'utf8').split('\n').filter(Boolean);
  return {
    lines: stdout.split('\n').filter(Boolean),
    lagging: rows.map((row) => row.split('\t') as [string, string, string]),
    changelogs,
  };
}

const distribution = { id: 'debian', versionId: '12', idLike: [], evidence: { path: 'etc/os-release', layer: 0 } };

/** The findings of a source's package, as from the advisories of its changelog. */
function fixesOf(
  [source, installed, newest]: readonly [string, string, string],
  changelogs: string,
): readonly string[] {
  const path = join(changelogs, `${source}_${newest}`.replaceAll(':', '%3a'));
  if (!existsSync(path)) return [];
  const changelog = parseChangelog(readFileSync(path, 'utf8'));
  const { fixes } = analyseChangelog(changelog, { installed, newest }, versionSchemes.deb);
  const advisories = advisoriesOf(fixes, { ecosystem: 'Debian:12', source, readAt: new Date(0).toISOString() });
  const inventory = { packages: [samplePackage('deb', source, installed)], distribution };
  const { findings } = findVulnerabilities(inventory, sampleStore(...advisories), { report: () => {} });
  return findings.map(({ id, fix }) => `${id}\t${source}\t${fix.version ?? fix.state}`);
}

const reachable = await answers();

describe.skipIf(!reachable && !process.env['CI'])('what changelogs say is fixed', () => {
  it('is what an independent reader of the same changelogs finds', { timeout: 600_000 }, async () => {
    const { lines, lagging, changelogs } = await askOracle();
    const found = lagging.flatMap((row) => fixesOf(row, changelogs));
    expect(lagging.length).toBeGreaterThan(20);
    expect(lines.length).toBeGreaterThan(100);
    expect(found.toSorted(compareText)).toEqual(lines.toSorted(compareText));
  });
});
