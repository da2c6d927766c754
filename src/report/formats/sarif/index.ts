import { encodeName } from '../../../core/path.ts';
import type { Finding } from '../../../findings/model.ts';
import type { Catalogue } from '../../../i18n/catalogue.ts';
import type { Package } from '../../../inventory/model.ts';
import { diagnosticText } from '../../diagnostic-text.ts';
import { escapeTerminal } from '../../escape.ts';
import { fingerprint } from '../../fingerprint.ts';
import type { ReportFormat } from '../../format.ts';
import { repositoryOf } from '../../image-purl.ts';
import { jsonText, wellFormedDocument } from '../../json-text.ts';
import { layerLine } from '../../layer-line.ts';
import type { ScanResult } from '../../model.ts';
import { levelOf } from './level.ts';
import { createRules } from './rules.ts';
import { sarifText } from './sarif-text.ts';

/**
 * SARIF 2.1.0 with errata 01 (OASIS), for code scanning: a rule a vulnerability, a result a finding. Fingerprints stay
 * equal across tags and versions of an image, and differ between images that share a path.
 */
export const sarif: ReportFormat = {
  id: 'sarif',
  mediaType: 'application/sarif+json',
  shows: 'findings',
  joins: 'stream',
  render: (result, { catalogue }) => jsonText(wellFormedDocument(createLog(result, catalogue))),
};

function createLog(result: ScanResult, catalogue: Catalogue): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [createRun(result, catalogue)],
  };
}

function createRun(result: ScanResult, catalogue: Catalogue): object {
  const findings = result.findings ?? [];
  const rules = createRules(findings);
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const packages = new Map(result.packages.map((item) => [item.id, item]));
  const { image } = result;
  return {
    tool: { driver: { name: 'Cinzel', semanticVersion: result.tool.version, version: result.tool.version, rules } },
    automationDetails: { id: `cinzel/${escapeTerminal(repositoryOf(image))}/` },
    language: catalogue.language === 'en' ? 'en-US' : catalogue.language,
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { ROOTPATH: { uri: 'file:///', description: { text: 'The root of the image.' } } },
    invocations: [
      {
        executionSuccessful: true,
        endTimeUtc: result.createdAt,
        toolExecutionNotifications: result.diagnostics.map((item) => createNotification(item, catalogue)),
      },
    ],
    results: findings.map((finding) =>
      createResult(result, finding, packages.get(finding.packageId), indexes.get(finding.id) ?? -1, catalogue),
    ),
    properties: {
      imageName: image.name,
      reference: image.reference,
      ...(image.digest === undefined ? {} : { digest: image.digest }),
      ...(image.id === undefined ? {} : { imageId: image.id }),
      platform: image.platform,
      uncovered: result.advisories?.uncovered ?? [],
    },
  };
}

function createNotification(diagnostic: ScanResult['diagnostics'][number], catalogue: Catalogue): object {
  const { path } = diagnostic;
  return {
    descriptor: { id: diagnostic.code },
    level: { info: 'note', warning: 'warning', error: 'error' }[diagnostic.severity],
    message: { text: sarifText(diagnosticText(diagnostic, catalogue)) },
    ...(path === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact(path) } }] }),
  };
}

function createResult(
  result: ScanResult,
  finding: Finding,
  item: Package | undefined,
  ruleIndex: number,
  catalogue: Catalogue,
): object {
  const print = fingerprint(result, finding, item);
  const { verdict } = finding;
  return {
    ruleId: finding.id,
    ruleIndex,
    level: levelOf(finding.severity),
    message: { text: sarifText(messageOf(result, finding, item, catalogue)) },
    locations: [createLocation(finding, item)],
    partialFingerprints: { primaryLocationLineHash: `${print}:1`, 'cinzelFinding/v1': print },
    suppressions:
      verdict.kind === 'suppressed'
        ? [{ kind: 'external', status: 'accepted', justification: escapeTerminal(verdict.reason) }]
        : [],
    properties: {
      purl: finding.purl,
      installedVersion: finding.installedVersion,
      fixState: finding.fix.state,
      ...(finding.fix.version === undefined ? {} : { fixedVersion: finding.fix.version }),
      group: finding.group,
      layer: finding.layer,
      reachable: finding.reachable.answer,
      verdict: verdict.kind,
    },
  };
}

/** What is wrong, what fixes it, and which layer and line brought it, in sentences. */
function messageOf(result: ScanResult, finding: Finding, item: Package | undefined, catalogue: Catalogue): string {
  const texts = catalogue.report.finding;
  const name = item?.name ?? finding.purl;
  const summary = finding.summary === undefined ? '' : `: ${finding.summary}`;
  const sentences = [
    `${texts.message(finding.id, name, finding.installedVersion)}${summary}`,
    ...(finding.fix.version === undefined ? [] : [texts.fixedIn(finding.fix.version)]),
    texts.broughtBy(finding.layer, layerLine(result, finding.layer, catalogue)),
  ];
  return `${sentences.map((sentence) => sentence.replace(/[.\s]+$/, '')).join('. ')}.`;
}

function createLocation(finding: Finding, item: Package | undefined): object {
  const name = item === undefined ? finding.purl : `${item.name}@${item.version}`;
  return {
    physicalLocation: {
      artifactLocation: artifact(item?.evidence[0].path ?? '/'),
      // Code scanning shows no alert without a line; a package has none of its own.
      region: { startLine: 1 },
    },
    logicalLocations: [{ name, fullyQualifiedName: finding.purl, kind: 'package' }],
  };
}

/** A path inside the image as a relative URI reference, byte by byte (RFC 3986, section 2.5). */
function artifact(path: string): object {
  const bytes = Buffer.from(encodeName(path.slice(1)));
  let uri = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    uri += /[\w.~/@+-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return { uri: uri === '' ? '.' : uri, uriBaseId: 'ROOTPATH' };
}
