import type { z } from 'zod';

export type Issue = z.core.$ZodIssue;

/**
 * The issue that tells best what is wrong: inside alternatives, of the one that nearly fits; keys that do not exist
 * before keys that are missing, since the one is often the other misspelt.
 */
export function clearestIssue(issues: readonly Issue[]): Issue {
  const [first] = [...issues].sort((a, b) => rank(a) - rank(b));
  if (first === undefined) throw new Error('A refusal has a reason.');
  if (first.code !== 'invalid_union') return first;
  const [closest] = first.errors.filter((branch) => branch.length > 0).toSorted((a, b) => distance(a) - distance(b));
  if (closest === undefined || distance(closest) >= wrongKind) return first;
  const inner = clearestIssue(closest);
  return { ...inner, path: [...first.path, ...inner.path] };
}

/** More than a branch of the right kind can have. */
const wrongKind = 1000;

function distance(issues: readonly Issue[]): number {
  const isOther = issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  return isOther ? wrongKind : issues.length;
}

function rank({ code }: Issue): number {
  return code === 'unrecognized_keys' ? 0 : 1;
}
