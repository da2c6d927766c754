import type { Report } from '../../../core/diagnostics.ts';
import { isCinzelError } from '../../../core/errors.ts';
import { asObject, asString, type JsonValue, parseJson } from '../../../core/json.ts';
import type { Problem } from '../../../core/problems.ts';
import { loadBaseScore } from '../../cvss.ts';
import { baseEcosystem, ecosystemTraits } from '../../ecosystems.ts';
import { withoutRedundantVersions } from '../../listed-versions.ts';
import type { Advisory } from '../../model.ts';
import { readOsvRecord } from '../../osv-record.ts';
import { timeOf } from './changes.ts';

/** How many malformed records of one part are named one by one. */
const namedProblems = 20;

/** A raw record, read. */
export type ReadRecord = Advisory | 'withdrawn' | 'malformed';

/** Turns raw records into advisories, and remembers the newest of them. */
export interface RecordReader {
  /** `label` names a malformed record in diagnostics. */
  readonly read: (bytes: Uint8Array, label: string) => ReadRecord;
  /** The newest `modified` of all records that were read, withdrawn ones too; empty when there was none. */
  readonly newest: () => string;
  /** Ids of the withdrawn records of that time. */
  readonly newestWithdrawn: () => readonly string[];
}

/**
 * A reader for the records of one ecosystem. It reduces each to that ecosystem: what a record says about others comes
 * with their own parts.
 */
export async function createRecordReader(ecosystem: string, report: Report): Promise<RecordReader> {
  const baseScore = await loadBaseScore();
  let newest = '';
  let newestWithdrawn: string[] = [];
  let problems = 0;
  const complain = (record: string, problem: Problem): 'malformed' => {
    problems += 1;
    if (problems > namedProblems) return 'malformed';
    report({
      code: 'feed.malformed',
      severity: 'warning',
      parameters: { feed: 'osv', record: `${ecosystem}/${record}`, problem },
    });
    return 'malformed';
  };
  return {
    newest: () => newest,
    newestWithdrawn: () => newestWithdrawn,
    read: (bytes, label) => {
      const raw = parseRecord(bytes, label);
      if (raw === undefined) return complain(label, 'no-json');
      const result = readOsvRecord(raw, 'osv', baseScore);
      const modified = asString(asObject(raw)?.['modified']) ?? '';
      if (isLater(modified, newest)) newestWithdrawn = [];
      if (isLater(modified, newest)) newest = modified;
      if (result.kind === 'withdrawn' && timeOf(modified) === timeOf(newest)) newestWithdrawn.push(result.id);
      if (result.kind === 'malformed') return complain(label, result.problem);
      return result.kind === 'withdrawn' ? 'withdrawn' : reduceTo(ecosystem, result.advisory);
    },
  };
}

function parseRecord(bytes: Uint8Array, label: string): JsonValue | undefined {
  try {
    return parseJson(bytes, label);
  } catch (error) {
    if (isCinzelError(error, 'untrusted.malformed')) return undefined;
    throw error;
  }
}

function reduceTo(ecosystem: string, advisory: Advisory): Advisory {
  const own = advisory.affected.filter((affected) => baseEcosystem(affected.ecosystem) === ecosystem);
  const { spellings } = ecosystemTraits(ecosystem);
  const named = own.flatMap((affected) => spellings(affected.name).map((name) => ({ ...affected, name })));
  return { ...advisory, affected: named.map(withoutRedundantVersions) };
}

/** Timestamps have fractions of any length (`…00Z`, `…00.587279Z`), so the order of texts is not that of times. */
function isLater(a: string, b: string): boolean {
  return (timeOf(a) ?? 0) > (timeOf(b) ?? 0);
}
