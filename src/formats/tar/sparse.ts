import { CinzelError } from '../../core/errors.ts';
import { readNumber } from './header-block.ts';
import type { SparseRun } from './model.ts';
import { type PaxRecords, paxNumber } from './pax.ts';

/** The runs that fit in a block of GNU's old sparse format: (offset, size) pairs of 12 bytes each. */
export function readOldSparseRuns(block: Buffer, start: number, count: number): readonly SparseRun[] {
  const runs: SparseRun[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * 24;
    if (block[at] === 0) break;
    runs.push({ at: readNumber(block, at, 12), length: readNumber(block, at + 12, 12) });
  }
  return runs;
}

/** The runs of PAX sparse formats 0.0 and 0.1, which parsePax gives alike as `GNU.sparse.map`. */
export function readPaxSparseMap(records: PaxRecords): readonly SparseRun[] | undefined {
  const map = records.get('GNU.sparse.map');
  return map === undefined ? undefined : pairRuns(map.toString('latin1').split(','));
}

/** Whether the map stands before the data (PAX sparse format 1.0). */
export function hasLeadingSparseMap(records: PaxRecords): boolean {
  return paxNumber(records, 'GNU.sparse.major') === 1 && paxNumber(records, 'GNU.sparse.minor') === 0;
}

/**
 * Reads a format 1.0 map a block at a time: decimal lines, the first the number of runs, then offset and length of
 * each; the last block is padded with NUL.
 */
export class LeadingSparseMap {
  readonly #numbers: string[] = [];
  #rest = '';
  #wanted = 1;

  /** The runs once the map is whole. Throws `untrusted.malformed`. */
  push(block: Buffer): readonly SparseRun[] | undefined {
    const lines = (this.#rest + block.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#numbers.push(line);
      if (this.#numbers.length === 1) this.#wanted = 1 + 2 * countOf(line);
      if (this.#numbers.length === this.#wanted) return pairRuns(this.#numbers.slice(1));
    }
    if (this.#rest.length > 20) throw malformed();
    return undefined;
  }
}

function countOf(text: string | undefined): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 1_000_000) throw malformed();
  return count;
}

function pairRuns(numbers: readonly string[]): readonly SparseRun[] {
  const runs: SparseRun[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    runs.push({ at: Number(numbers[index]), length: Number(numbers[index + 1]) });
  }
  return runs;
}

/** Throws `untrusted.malformed` unless the runs are ordered, lie inside the file and fill the stored bytes. */
export function checkSparseRuns(runs: readonly SparseRun[], size: number, stored: number): void {
  let end = 0;
  let total = 0;
  for (const { at, length } of runs) {
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(length) || length < 0 || at < end) throw malformed();
    end = at + length;
    total += length;
  }
  if (end > size || total > stored) throw malformed();
}

function malformed(): CinzelError {
  return new CinzelError('untrusted.malformed', { what: 'tar', problem: 'bad-sparse-map' });
}
