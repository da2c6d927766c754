import type { Finding, Severity } from '../../findings/model.ts';
import type { Catalogue } from '../../i18n/catalogue.ts';
import type { Package } from '../../inventory/model.ts';
import { contentUuid } from '../content-uuid.ts';
import { diagnosticText } from '../diagnostic-text.ts';
import { escapeMarkdown, escapeTerminal } from '../escape.ts';
import { fingerprint } from '../fingerprint.ts';
import type { ReportFormat } from '../format.ts';
import { jsonText, wellFormedDocument } from '../json-text.ts';
import { layerLine } from '../layer-line.ts';
import type { ScanResult } from '../model.ts';
import { webUrl } from '../web-url.ts';

/**
 * GitLab's container scanning report, schema 15.2.1 (gitlab-org/security-products/security-report-schemas). GitLab has
 * no word for a suppressed finding in it, so those are left out.
 */
export const gitlab: ReportFormat = {
  id: 'gitlab',
  mediaType: 'application/json',
  shows: 'findings',
  joins: 'stream',
  render: (result, { catalogue }) => jsonText(wellFormedDocument(createReport(result, catalogue))),
};

const schemaVersion = '15.2.1';

function createReport(result: ScanResult, catalogue: Catalogue): object {
  const packages = new Map(result.packages.map((item) => [item.id, item]));
  const standing = (result.findings ?? []).filter((finding) => finding.verdict.kind !== 'suppressed');
  return {
    version: schemaVersion,
    schema: `https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v${schemaVersion}/dist/container-scanning-report-format.json`,
    scan: createScan(result, catalogue),
    vulnerabilities: standing.map((finding) =>
      createVulnerability(result, finding, packages.get(finding.packageId), catalogue),
    ),
  };
}

function createScan(result: ScanResult, catalogue: Catalogue): object {
  const tool = { id: 'cinzel', name: 'Cinzel', version: result.tool.version, vendor: { name: 'Cinzel' } };
  const time = result.createdAt.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return {
    analyzer: tool,
    scanner: tool,
    type: 'container_scanning',
    status: 'success',
    start_time: time,
    end_time: time,
    messages: result.diagnostics.map((diagnostic) => ({
      level: diagnostic.severity === 'info' ? 'info' : 'warn',
      value: escapeTerminal(diagnosticText(diagnostic, catalogue)),
    })),
  };
}

function createVulnerability(
  result: ScanResult,
  finding: Finding,
  item: Package | undefined,
  catalogue: Catalogue,
): object {
  const name = item?.name ?? finding.purl;
  const texts = catalogue.report.finding;
  const links = finding.sources.flatMap((source) => webUrl(source.url) ?? []);
  const layer = texts.broughtBy(finding.layer, layerLine(result, finding.layer, catalogue));
  return {
    id: contentUuid(fingerprint(result, finding, item)),
    name: limited(escapeTerminal(texts.title(finding.id, name)), 255),
    description: limited(escapeMarkdown([finding.summary ?? finding.id, layer].join('. ')), 100_000),
    severity: severityNames[finding.severity],
    ...(finding.fix.version === undefined
      ? {}
      : { solution: limited(escapeMarkdown(texts.solution(name, finding.fix.version)), 7_000) }),
    identifiers: identifiersOf(finding),
    ...cvssOf(finding),
    links: [...new Set(links)].map((url) => ({ url })),
    location: {
      dependency: { package: { name: escapeTerminal(name) }, version: escapeTerminal(finding.installedVersion) },
      operating_system: systemName(result),
      image: escapeTerminal(result.image.name) || 'unknown',
    },
  };
}

const severityNames: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Info',
  unknown: 'Unknown',
};

function identifiersOf(finding: Finding): readonly object[] {
  const ids = [...new Set([finding.id, ...finding.aliases])];
  return ids.map((id) => {
    const source = finding.sources.find((candidate) => candidate.id === id);
    const url = source === undefined ? undefined : webUrl(source.url);
    const type = /^(CVE|GHSA)-/.exec(id)?.[1]?.toLowerCase() ?? 'osv';
    return { type, name: escapeTerminal(id), value: escapeTerminal(id), ...(url === undefined ? {} : { url }) };
  });
}

/** The schema takes vectors of version 2 and 3 only, of at most 128 characters. */
function cvssOf(finding: Finding): object {
  const { vector = '' } = finding;
  const fits = /^(?:CVSS:3\.[01]\/)?(?:[A-Z][A-Za-z]{0,2}:[A-Z]{1,3}\/){5,30}[A-Z][A-Za-z]{0,2}:[A-Z]{1,3}$/.test(
    vector,
  );
  if (!fits || vector.length > 128) return {};
  return { cvss_vectors: [{ vendor: finding.severitySource ?? 'unknown', vector }] };
}

function systemName({ image }: ScanResult): string {
  if (image.os === undefined) return 'unknown';
  return escapeTerminal([image.os.id, image.os.versionId].filter((part) => part !== undefined).join(':')) || 'unknown';
}

function limited(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
