import { compareText } from '../../../core/compare-text.ts';
import type { Finding } from '../../../findings/model.ts';
import { severityRank } from '../../../findings/severities.ts';
import { escapeMarkdown } from '../../escape.ts';
import { webUrl } from '../../web-url.ts';
import { levelOf, typicalScores } from './level.ts';
import { sarifText } from './sarif-text.ts';

/** A reportingDescriptor (SARIF, section 3.49) of one vulnerability. */
export interface Rule {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** A rule for each vulnerability, by id; where its findings are rated differently, the worst rating. */
export function createRules(findings: readonly Finding[]): readonly Rule[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const members = byId.get(finding.id);
    if (members === undefined) byId.set(finding.id, [finding]);
    else members.push(finding);
  }
  return [...byId].toSorted(([a], [b]) => compareText(a, b)).map(([id, members]) => createRule(id, members));
}

function createRule(id: string, findings: readonly Finding[]): Rule {
  const worst = findings.toSorted(
    (a, b) => severityRank(a.severity) - severityRank(b.severity) || (b.score ?? -1) - (a.score ?? -1),
  )[0];
  const severity = worst?.severity ?? 'unknown';
  const summary = worst?.summary ?? id;
  const urls = findings.flatMap((finding) => finding.sources.map((source) => webUrl(source.url)));
  const [helpUri, ...more] = new Set(urls.filter((url) => url !== undefined));
  const score = worst?.score?.toFixed(1) ?? typicalScores[severity];
  return {
    id,
    name: id,
    shortDescription: { text: sarifText(summary === id ? id : `${id}: ${summary}`) },
    fullDescription: { text: sarifText(summary) },
    ...(helpUri === undefined ? {} : { helpUri }),
    help: helpOf(summary, helpUri === undefined ? [] : [helpUri, ...more]),
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      tags: ['security', 'vulnerability', severity],
      precision: 'high',
      ...(score === undefined ? {} : { 'security-severity': score }),
    },
  };
}

function helpOf(summary: string, urls: readonly string[]): object {
  const links = urls.map((url) => `- <${url}>`);
  return {
    text: [sarifText(summary), ...urls].join('\n'),
    markdown: [escapeMarkdown(summary), '', ...links].join('\n').trim(),
  };
}
