import type { Report } from '../../core/diagnostics.ts';
import type { Package } from '../../inventory/model.ts';
import type { Finding } from '../model.ts';
import type { IgnoreRule } from './rule.ts';
import { fitsWildcard } from './wildcard.ts';

export interface ApplyOptions {
  readonly now: Date;
  readonly report: Report;
}

/**
 * Suppresses the open findings that a rule names, with the rule's reason. Rules that hold no longer, that lack a
 * reason they need, and that match nothing are reported.
 */
export async function applyIgnoreRules(
  findings: readonly Finding[],
  packages: readonly Package[],
  rules: readonly IgnoreRule[],
  options: ApplyOptions,
): Promise<readonly Finding[]> {
  const usable = rules.filter((rule) => isUsable(rule, options));
  const matchers = await Promise.all(usable.map(createMatcher));
  const byId = new Map(packages.map((found) => [found.id, found]));
  const used = new Set<IgnoreRule>();
  const result = findings.map((finding) => {
    const matcher = matchers.find(({ matches }) => matches(finding, byId.get(finding.packageId)));
    if (matcher === undefined) return finding;
    used.add(matcher.rule);
    return finding.verdict.kind === 'open' ? suppress(finding, matcher.rule) : finding;
  });
  for (const rule of usable) {
    if (!used.has(rule)) options.report({ code: 'ignore.unused', severity: 'info', parameters: { rule: rule.label } });
  }
  return result;
}

function isUsable(rule: IgnoreRule, { now, report }: ApplyOptions): boolean {
  if (rule.expires !== undefined && now.toISOString().slice(0, 10) > rule.expires) {
    report({ code: 'ignore.expired', severity: 'warning', parameters: { rule: rule.label, date: rule.expires } });
    return false;
  }
  if (rule.reason !== undefined || !rule.reasonRequired) return true;
  report({ code: 'ignore.without-reason', severity: 'warning', parameters: { rule: rule.label } });
  return false;
}

function suppress(finding: Finding, rule: IgnoreRule): Finding {
  const reason = rule.reason ?? `listed in ${rule.label}`;
  const expires = rule.expires === undefined ? {} : { expires: rule.expires };
  return { ...finding, verdict: { kind: 'suppressed', by: 'ignore', reason, ...expires } };
}

interface Matcher {
  readonly rule: IgnoreRule;
  readonly matches: (finding: Finding, found: Package | undefined) => boolean;
}

async function createMatcher(rule: IgnoreRule): Promise<Matcher> {
  const isPath = await pathMatcher(rule.paths);
  return {
    rule,
    matches: (finding, found) =>
      anyOf(rule.ids, (id) => [finding.id, ...finding.aliases].some((name) => fitsWildcard(id, name))) &&
      anyOf(rule.purls, (purl) => fitsPurl(purl, finding.purl)) &&
      anyOf(rule.packages, (name) => namesOf(found).some((own) => fitsWildcard(name, own))) &&
      anyOf(rule.versions, (version) => version === finding.installedVersion) &&
      anyOf(rule.types, (type) => type === found?.type) &&
      anyOf(rule.fixStates, (state) => state === finding.fix.state) &&
      (rule.paths.length === 0 || (found?.evidence.some(({ path }) => isPath(path)) ?? false)),
  };
}

function anyOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): boolean {
  return items.length === 0 || items.some(holds);
}

function namesOf(found: Package | undefined): readonly string[] {
  return found === undefined ? [] : [found.name, ...(found.source === undefined ? [] : [found.source.name])];
}

/** A pattern without version stands for all versions, one without qualifiers for all qualifiers. */
function fitsPurl(pattern: string, purl: string): boolean {
  const plain = purl.split(/[?#]/, 1)[0] ?? purl;
  const unversioned = plain.slice(
    0,
    plain.lastIndexOf('@') > plain.lastIndexOf('/') ? plain.lastIndexOf('@') : undefined,
  );
  return [purl, plain, unversioned].some((form) => fitsWildcard(pattern, form));
}

async function pathMatcher(globs: readonly string[]): Promise<(path: string) => boolean> {
  if (globs.length === 0) return () => false;
  const { default: picomatch } = await import('picomatch');
  const patterns = globs.flatMap((glob) => (glob.startsWith('/') ? [glob] : [`/${glob}`, `/**/${glob}`]));
  return picomatch(patterns, { dot: true });
}
