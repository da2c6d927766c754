import { compareText } from '../../core/compare-text.ts';
import type { Finding } from '../../findings/model.ts';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { coverageOf } from '../coverage.ts';
import { diagnosticText } from '../diagnostic-text.ts';
import { escapeXml } from '../escape.ts';
import type { ReportFormat } from '../format.ts';
import { layerLine } from '../layer-line.ts';
import type { ScanResult } from '../model.ts';
import { uncoveredReason } from '../uncovered-reason.ts';
import { createValueFormat } from '../value-format.ts';

/**
 * JUnit's XML as CI servers read it (Jenkins' junit-10.xsd): a suite a package type, a failure a vulnerability of a
 * package, suppressed ones skipped. A type without open ones has one passing case,
 * if everything could be looked at.
 */
export const junit: ReportFormat = {
  id: 'junit',
  mediaType: 'application/xml',
  shows: 'findings',
  *render(result, { catalogue }) {
    const suites = createSuites(result, catalogue);
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    yield `<testsuites name="${escapeXml(result.image.name)}"${countAttributes(suites.flatMap((suite) => suite.cases))}>\n`;
    for (const suite of suites) yield* suiteText(suite, result.createdAt);
    yield '</testsuites>\n';
  },
};

interface TestCase {
  readonly name: string;
  readonly className: string;
  readonly outcome:
    | { readonly kind: 'passed' }
    | { readonly kind: 'failed' | 'skipped'; readonly message: string; readonly detail: string };
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  readonly notes: readonly string[];
}

function createSuites(result: ScanResult, catalogue: Catalogue): readonly Suite[] {
  const packages = new Map(result.packages.map((item) => [item.id, item]));
  const cases = new Map<string, TestCase[]>(Object.keys(result.summary.packages).map((type) => [type, []]));
  for (const finding of result.findings ?? []) {
    const item = packages.get(finding.packageId);
    const type = item?.type ?? 'generic';
    const test = createCase(result, finding, item?.name ?? finding.purl, catalogue);
    cases.set(type, [...(cases.get(type) ?? []), test]);
  }
  const suites = [...cases].map(([type, tests]) => ({
    name: type,
    cases: [...tests, ...passingCase(result, type, tests, catalogue)],
    notes: [],
  }));
  return [...suites.toSorted((a, b) => compareText(a.name, b.name)), ...coverageSuite(result, catalogue)];
}

function createCase(result: ScanResult, finding: Finding, name: string, catalogue: Catalogue): TestCase {
  const texts = catalogue.report.finding;
  const { verdict } = finding;
  const message = `${catalogue.report.severity[finding.severity]}: ${texts.message(finding.id, name, finding.installedVersion)}`;
  const detail = [
    ...(finding.summary === undefined ? [] : [finding.summary]),
    ...(finding.fix.version === undefined ? [] : [texts.fixedIn(finding.fix.version)]),
    texts.broughtBy(finding.layer, layerLine(result, finding.layer, catalogue)),
    ...finding.sources.map((source) => source.url),
  ].join(' · ');
  return {
    name: texts.title(finding.id, `${name} ${finding.installedVersion}`),
    className: finding.purl,
    outcome:
      verdict.kind === 'suppressed'
        ? { kind: 'skipped', message: texts.suppressedBy(verdict.by, verdict.reason), detail }
        : { kind: 'failed', message, detail },
  };
}

function passingCase(
  result: ScanResult,
  type: string,
  tests: readonly TestCase[],
  catalogue: Catalogue,
): readonly TestCase[] {
  if (coverageOf(result) !== 'full' || tests.some((test) => test.outcome.kind === 'failed')) return [];
  const count = Object.entries(result.summary.packages).find(([key]) => key === type)?.[1] ?? 0;
  const shown = catalogue.report.count.packages(count, createValueFormat(catalogue.language).number(count));
  return [{ name: catalogue.report.junit.clean(shown), className: type, outcome: { kind: 'passed' } }];
}

/** What was not looked at is skipped, never passed. */
function coverageSuite(result: ScanResult, catalogue: Catalogue): readonly Suite[] {
  const cases = (result.advisories?.uncovered ?? []).map(
    (item): TestCase => ({
      name: catalogue.report.junit.uncovered(item.ecosystem),
      className: 'coverage',
      outcome: { kind: 'skipped', message: uncoveredReason(item, catalogue), detail: '' },
    }),
  );
  const notes = result.diagnostics.map((diagnostic) => diagnosticText(diagnostic, catalogue));
  return cases.length + notes.length === 0 ? [] : [{ name: 'coverage', cases, notes }];
}

function* suiteText(suite: Suite, time: string): Iterable<string> {
  const timestamp = escapeXml(time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length));
  yield `  <testsuite name="${escapeXml(suite.name)}"${countAttributes(suite.cases)} errors="0" timestamp="${timestamp}">\n`;
  for (const test of suite.cases) yield caseText(test);
  if (suite.notes.length > 0) yield `    <system-err>${suite.notes.map(escapeXml).join('\n')}</system-err>\n`;
  yield '  </testsuite>\n';
}

function countAttributes(cases: readonly TestCase[]): string {
  const count = (kind: string): number => cases.filter((test) => test.outcome.kind === kind).length;
  return ` tests="${cases.length}" failures="${count('failed')}" skipped="${count('skipped')}"`;
}

function caseText({ name, className, outcome }: TestCase): string {
  const start = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(className)}" time="0"`;
  if (outcome.kind === 'passed') return `${start}/>\n`;
  const message = `message="${escapeXml(outcome.message)}"`;
  if (outcome.kind === 'skipped') return `${start}><skipped ${message}/></testcase>\n`;
  return `${start}><failure ${message}>${escapeXml(outcome.detail)}</failure></testcase>\n`;
}
