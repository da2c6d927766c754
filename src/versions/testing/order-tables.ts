import { expect } from 'vitest';
import type { VersionScheme } from '../scheme.ts';

/** Expects each version to be less than all that follow it, in both directions. */
export function expectAscending(scheme: VersionScheme, versions: readonly string[]): void {
  const wrong = pairsOf(versions).filter(([a, b]) => !(scheme.compare(a, b) < 0 && scheme.compare(b, a) > 0));
  expect(wrong).toEqual([]);
}

/** Expects all versions to be equal. */
export function expectEqual(scheme: VersionScheme, versions: readonly string[]): void {
  const wrong = pairsOf(versions).filter(([a, b]) => scheme.compare(a, b) !== 0 || scheme.compare(b, a) !== 0);
  expect(wrong).toEqual([]);
}

function pairsOf(versions: readonly string[]): (readonly [string, string])[] {
  return versions.flatMap((a, index) => versions.slice(index + 1).map((b) => [a, b] as const));
}
