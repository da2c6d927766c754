import { createHash } from 'node:crypto';

/**
 * Keys of the store. Every part of a feed is written under a generation, a number that is never used twice, so that
 * a new generation can be written beside the old one and put in its place by one small write:
 *
 * - `catalog`: which parts there are and their generations
 * - `g` GENERATION `|`: a mark that nobody swept the generation away
 * - `p` GENERATION `|` ECOSYSTEM `|` NAME: what the part says about one package
 * - `r` GENERATION `|` ID: a record without its affected entries
 */
export const catalogKey = 'catalog';

/** LMDB holds keys of up to 1,978 bytes; longer texts stand in it by their hash. */
const longestText = 400;

/** The kinds of keys that belong to generations; the mark goes first when a generation is removed. */
export const generationKinds = ['g', 'p', 'r'] as const;

export function markKey(generation: number): string {
  return `g${generation}|`;
}

export function packageKey(generation: number, ecosystem: string, name: string): string {
  return `p${generation}|${bounded(ecosystem)}|${bounded(name)}`;
}

export function recordKey(generation: number, id: string): string {
  return `r${generation}|${bounded(id)}`;
}

function bounded(text: string): string {
  return text.length <= longestText ? text : `#${createHash('sha256').update(text).digest('hex')}`;
}

/** Keys from `start` to before `end`. */
export interface KeyRange {
  readonly start: string;
  readonly end: string;
}

/** The ranges of keys that belong to a generation. */
export function generationRanges(generation: number): readonly KeyRange[] {
  return generationKinds.map((kind) => keyRange(kind, generation));
}

/** The records of a generation. */
export function recordRange(generation: number): KeyRange {
  return keyRange('r', generation);
}

function keyRange(kind: string, generation: number): KeyRange {
  return { start: `${kind}${generation}|`, end: `${kind}${generation}}` };
}

/** The generation that a package or record key belongs to. */
export function generationOf(key: string): number {
  return Number.parseInt(key.slice(1), 10);
}
