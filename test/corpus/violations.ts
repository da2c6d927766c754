import type { Measured } from './measure.ts';

/** Least share of findings that are answered with yes or no (CONTRACT.md, "Reach and slim"). */
const leastAnswered = 0.9;

/** Findings that reading gave no answer for, when they are too many. */
export function unansweredOf({ answered }: Measured): readonly string[] {
  return answered < leastAnswered ? [`only ${Math.round(answered * 100)} % of the findings are answered`] : [];
}

/** What makes the slim image another than the original, or larger than its application needs, in a sentence each. */
export function violationsOf(one: Measured): readonly string[] {
  const { app, missed, denied, shells, sameDigest, differences } = one;
  return [
    ...missed.map((path) => `${path} is opened by the original and not in the plan`),
    ...denied.map((id) => `${id} is opened by the original and said to be out of reach`),
    ...(app.shell ? [] : shells.map((path) => `${path} is a shell, and none is needed`)),
    ...(sameDigest ? [] : ['slimming it twice gives two digests']),
    ...differences,
  ];
}
