import { cvssVersion } from '../advisories/cvss.ts';
import type { AdvisorySeverity } from '../advisories/model.ts';
import type { Match } from './match.ts';
import type { Finding, Severity } from './model.ts';

export type Rating = Pick<Finding, 'severity' | 'score' | 'vector' | 'severitySource'>;

/**
 * How bad a finding is, and who says so:
 *
 * 1. the distribution's own rating of the package, which knows how it is built and used there;
 * 2. else CVSS: of all records' vectors those of the newest version of CVSS, and of them the highest score;
 * 3. else a base score that was published without its vector;
 * 4. else the word that the record's database gives it.
 *
 * Score and vector are those of 2 or 3, also where the distribution's word decides.
 */
export function rate(matches: readonly Match[]): Rating {
  const ratings = matches.flatMap(ratingsOf);
  const word = bestOf(ratings, 'distribution');
  const scored = bestOf(ratings, 'cvss') ?? bestOf(ratings, 'score');
  const deciding = word ?? scored ?? bestOf(ratings, 'database');
  return {
    severity: deciding?.severity ?? 'unknown',
    ...(scored?.score !== undefined && { score: scored.score }),
    ...(scored?.vector !== undefined && { vector: scored.vector }),
    ...(deciding !== undefined && { severitySource: deciding.source }),
  };
}

interface SingleRating {
  readonly kind: 'distribution' | 'cvss' | 'score' | 'database';
  readonly severity: Severity;
  /** Greater decides among ratings of one kind. */
  readonly weight: number;
  readonly score?: number;
  readonly vector?: string;
  readonly source: string;
}

function bestOf(ratings: readonly SingleRating[], kind: SingleRating['kind']): SingleRating | undefined {
  return ratings
    .filter((rating) => rating.kind === kind)
    .reduce<SingleRating | undefined>(
      (best, rating) => (best && best.weight >= rating.weight ? best : rating),
      undefined,
    );
}

function ratingsOf({ affected }: Match): readonly SingleRating[] {
  return [...(affected.severity ?? []), ...affected.record().severity].flatMap((severity) =>
    readSeverity(severity, affected.id),
  );
}

function readSeverity({ type, score, base }: AdvisorySeverity, id: string): readonly SingleRating[] {
  if (type.endsWith('_SCORE') && base !== undefined) {
    const version = type.includes('V2') ? '2.0' : '3.1';
    const source = `${id} (CVSS ${version.slice(0, 1)} score)`;
    return [{ kind: 'score', severity: severityOfScore(base, version), weight: base, score: base, source }];
  }
  if (type.startsWith('CVSS_')) return base === undefined ? [] : rateVector(score, base, id);
  const severity = severityOfWord(score);
  if (severity === undefined) return [];
  const kind = type === 'database' ? 'database' : 'distribution';
  return [{ kind, severity, weight: wordWeights[severity], source: kind === 'database' ? id : `${id} (${type})` }];
}

function rateVector(vector: string, base: number, id: string): readonly SingleRating[] {
  const version = cvssVersion(vector);
  if (version === undefined) return [];
  return [
    {
      kind: 'cvss',
      severity: severityOfScore(base, version),
      weight: Number(version) * 100 + base,
      score: base,
      vector,
      source: `${id} (CVSS ${version})`,
    },
  ];
}

/** Qualitative scales: CVSS v3.1 specification 5, v4.0 specification 6; NVD's for version 2, which has none. */
function severityOfScore(score: number, version: string): Severity {
  if (score === 0) return 'negligible';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 || version === '2.0' ? 'high' : 'critical';
}

const words: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  low: 'low',
  negligible: 'negligible',
  // Debian's tracker: no security support is needed for it.
  unimportant: 'negligible',
};

/** Debian marks urgencies that nobody confirmed with asterisks. */
function severityOfWord(word: string): Severity | undefined {
  const key = word.toLowerCase().replace(/\*+$/, '');
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

const wordWeights: Readonly<Record<Severity, number>> = {
  critical: 5,
  high: 4,
  medium: 3,
  low: 2,
  negligible: 1,
  unknown: 0,
};
