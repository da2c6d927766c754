import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import type { SchemeId, VersionScheme } from '../scheme.ts';
import { versionPairs } from './version-arbitraries.ts';

export type VersionPair = readonly [string, string];

/** The seed of all generated pairs, so that a disagreement can be repeated. */
const seed = 20_240_229;

/** Different pairs of versions that the scheme accepts, in an order that never changes. */
export function generatePairs(scheme: VersionScheme, count: number): readonly VersionPair[] {
  const valid = versionPairs(scheme.id).filter((pair) => pair.every((version) => scheme.isValid(version)));
  return fc.sample(valid, { numRuns: count, seed });
}

/** Pairs as they come, valid or not. */
export function generateStrings(id: SchemeId, count: number): readonly string[] {
  return fc.sample(versionPairs(id), { numRuns: count, seed }).map(([, version]) => version);
}

/** The pairs on which the scheme and the oracle's signs (negative, 0, positive, in the order of the pairs) differ. */
export function disagreements(
  scheme: VersionScheme,
  pairs: readonly VersionPair[],
  signs: readonly number[],
): readonly string[] {
  if (signs.length !== pairs.length) throw new Error(`${signs.length} answers to ${pairs.length} pairs`);
  return pairs.flatMap(([a, b], index) => {
    const ours = Math.sign(scheme.compare(a, b));
    const theirs = Math.sign(signs[index] ?? Number.NaN);
    return ours === theirs ? [] : [`${a} ${b}: ${ours} instead of ${theirs}`];
  });
}

/** Runs a program that reads one pair a line, separated by a tab, and prints one number a line. */
export function askOracle(command: string, args: readonly string[], pairs: readonly VersionPair[]): readonly number[] {
  const output = runTool(command, args, pairs.map((pair) => `${pair.join('\t')}\n`).join(''));
  return output.trim().split('\n').map(Number);
}

/** The standard output of a program that must succeed. */
export function runTool(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Whether the tests of an oracle are skipped: it is not installed, and this is not continuous integration. */
export function isMissing(command: string, ...args: readonly string[]): boolean {
  return !process.env['CI'] && spawnSync(command, args).status !== 0;
}
