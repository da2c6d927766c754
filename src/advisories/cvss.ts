/** The base score of a vector, 0–10; undefined for a vector that is incomplete or none. */
export type BaseScore = (vector: string) => number | undefined;

/** The versions of CVSS whose vectors can be scored. */
export type CvssVersion = '2.0' | '3.0' | '3.1' | '4.0';

/** Mandatory metrics and their values (first.org: CVSS v2 guide 3.2.1, v3.1 specification 6, v4.0 specification 7). */
const mandatory: Readonly<Record<CvssVersion, Readonly<Record<string, string>>>> = {
  '2.0': { AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC' },
  '3.0': { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' },
  '3.1': { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' },
  '4.0': {
    AV: 'NALP',
    AC: 'LH',
    AT: 'NP',
    PR: 'NLH',
    UI: 'NPA',
    VC: 'HLN',
    VI: 'HLN',
    VA: 'HLN',
    SC: 'HLN',
    SI: 'HLN',
    SA: 'HLN',
  },
};

const longestVector = 500;

/** The CVSS version of a complete vector; version 2 vectors have no prefix. Undefined for anything else. */
export function cvssVersion(vector: string): CvssVersion | undefined {
  if (vector.length > longestVector) return undefined;
  const version = /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector)?.[1] ?? '2.0';
  if (!isCvssVersion(version)) return undefined;
  const metrics = new Map(vector.split('/').map((part) => splitMetric(part)));
  const complete = Object.entries(mandatory[version]).every(([name, values]) => {
    const value = metrics.get(name);
    return value?.length === 1 && values.includes(value);
  });
  return complete ? version : undefined;
}

function isCvssVersion(text: string): text is CvssVersion {
  return Object.hasOwn(mandatory, text);
}

function splitMetric(part: string): readonly [string, string] {
  const colon = part.indexOf(':');
  return [part.slice(0, colon), part.slice(colon + 1)];
}

/** Loads the calculator, which takes longer than all scores of a scan; each vector is computed once. */
export async function loadBaseScore(): Promise<BaseScore> {
  const cvss = calculatorsIn(await import('ae-cvss-calculator'));
  const calculators = {
    '2.0': cvss.Cvss2,
    '3.0': cvss.Cvss3P0,
    '3.1': cvss.Cvss3P1,
    '4.0': cvss.Cvss4P0,
  } as const satisfies Record<CvssVersion, unknown>;
  const known = new Map<string, number | undefined>();
  return (vector) => {
    if (known.has(vector)) return known.get(vector);
    const version = cvssVersion(vector);
    const score = version === undefined ? undefined : scoreOf(() => new calculators[version](vector).calculateScores());
    known.set(vector, score);
    return score;
  };
}

type Calculators = typeof import('ae-cvss-calculator');

/** The package is a UMD bundle: loaders and bundlers differ in how many `default`s they put around it. */
function calculatorsIn(module: object): Calculators {
  if ('Cvss2' in module) return module as Calculators;
  if ('default' in module && typeof module.default === 'object' && module.default !== null) {
    return calculatorsIn(module.default);
  }
  throw new TypeError('ae-cvss-calculator has another shape');
}

function scoreOf(calculate: () => { readonly base?: number | undefined }): number | undefined {
  try {
    const { base } = calculate();
    return base !== undefined && base >= 0 && base <= 10 ? base : undefined;
  } catch {
    // Optional metrics with values that no version knows make the calculator throw.
    return undefined;
  }
}
