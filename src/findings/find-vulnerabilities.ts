import { packageQuery } from '../advisories/coverage.ts';
import { ecosystemTraits } from '../advisories/ecosystems.ts';
import type { AdvisoryStore } from '../advisories/store.ts';
import type { UpdateOutcome } from '../advisories/update.ts';
import { compareText } from '../core/compare-text.ts';
import type { Report } from '../core/diagnostics.ts';
import type { Distribution, Inventory, Package } from '../inventory/model.ts';
import { versionSchemes } from '../versions/index.ts';
import { commonFix } from './fix.ts';
import { groupMatches, type MatchGroup } from './group.ts';
import { isKernelWithoutImage, kernelHeadersReason } from './kernel-headers.ts';
import { type Match, matchPackage } from './match.ts';
import type { Finding, Verdict } from './model.ts';
import { hasPlace } from './osv-evaluate.ts';
import { rate } from './severity.ts';
import { sourceGroup } from './source-group.ts';
import { titleOf } from './title.ts';
import { findUncovered, type UncoveredPackages } from './uncovered.ts';

export interface FindOptions {
  readonly report: Report;
  /** What the update before could not answer; absent when there was none. */
  readonly update?: Pick<UpdateOutcome, 'uncovered'>;
}

export interface FoundVulnerabilities {
  /** By package id, then id. */
  readonly findings: readonly Finding[];
  /** By ecosystem, then reason. */
  readonly uncovered: readonly UncoveredPackages[];
}

/**
 * Matches the installed packages of an inventory against the store:
 *
 * 1. leave out packages that a distribution package owns: their code is maintained, and matched, as part of it;
 * 2. look up each package by its source or name, and evaluate each record that names it;
 * 3. group the records that hold by vulnerability;
 * 4. rate each group, find its fix, and apply the rule about kernel headers.
 */
export function findVulnerabilities(
  inventory: Pick<Inventory, 'packages' | 'distribution'>,
  store: Pick<AdvisoryStore, 'find' | 'parts'>,
  options: FindOptions,
): FoundVulnerabilities {
  const { distribution } = inventory;
  const packages = inventory.packages.filter(({ ownedBy }) => ownedBy === undefined);
  const findings = packages.flatMap((found) => findingsOf(found, distribution, store));
  for (const found of packages) reportOddVersion(found, distribution, options.report);
  return {
    findings: findings.sort((a, b) => compareText(a.packageId, b.packageId) || compareText(a.id, b.id)),
    uncovered: findUncovered(packages, distribution, store, options.update?.uncovered ?? []),
  };
}

function findingsOf(
  found: Package,
  distribution: Distribution | undefined,
  store: Pick<AdvisoryStore, 'find'>,
): readonly Finding[] {
  const matches = matchPackage(found, distribution, store);
  return matches.length === 0 ? [] : groupMatches(matches).map((group) => createFinding(found, group));
}

function createFinding(found: Package, group: MatchGroup): Finding {
  const records = group.matches.map(({ affected }) => affected.record());
  const summary = titleOf(records, [group.id, ...group.aliases]);
  const published = records.flatMap((record) => record.published ?? []).sort(compareText)[0];
  return {
    id: group.id,
    aliases: group.aliases,
    packageId: found.id,
    purl: found.purl,
    installedVersion: found.version,
    group: sourceGroup(found),
    ...rate(group.matches),
    ...(summary !== undefined && { summary }),
    ...(published !== undefined && { published }),
    fix: commonFix(group.matches),
    layer: found.layer,
    reachable: { answer: 'unknown', reason: 'not computed' },
    sources: group.matches.map((match, index) => ({
      feed: match.feed,
      id: match.affected.id,
      url: records[index]?.references[0] ?? '',
    })),
    match: describeMatch(group.matches),
    verdict: firstVerdict(found),
  };
}

/** The range of the first record that has one; a listed version only where no record has. */
function describeMatch(matches: readonly Match[]): Finding['match'] {
  const match = matches.find(({ evaluation }) => evaluation.kind === 'range') ?? matches[0];
  const rule = match?.feed === 'debian-archive' ? 'changelog' : (match?.query.rule ?? 'name');
  const comparedVersion = match?.query.version ?? '';
  if (match?.evaluation.kind === 'range') return { rule, range: match.evaluation.range.events, comparedVersion };
  return { rule, range: match?.evaluation.version ?? '', comparedVersion };
}

function firstVerdict(found: Package): Verdict {
  return isKernelWithoutImage(found)
    ? { kind: 'suppressed', by: 'rule', reason: kernelHeadersReason }
    : { kind: 'open' };
}

function reportOddVersion(found: Package, distribution: Distribution | undefined, report: Report): void {
  const query = packageQuery(found, distribution);
  const { scheme } = query === undefined ? {} : ecosystemTraits(query.ecosystem);
  if (query === undefined || scheme === undefined || hasPlace(versionSchemes[scheme], query.version)) return;
  const path = found.evidence[0].path;
  const parameters = { package: found.name, version: query.version, scheme };
  report({ code: 'version.invalid', severity: 'warning', parameters, path, layer: found.layer });
}
