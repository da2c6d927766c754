import type { Measured } from './measure.ts';

/** Least share of findings that are answered with yes or no (CONTRACT.md, "Reach and slim"). */
const leastAnswered = 0.9;

/** What an application must not be measured to be, in a sentence each. */
export function violationsOf(one: Measured): readonly string[] {
  const { app, missed, denied, shells, sameDigest, differences, answered } = one;
  return [
    ...missed.map((path) => `${path} is opened by the original and not in the plan`),
    ...denied.map((id) => `${id} is opened by the original and said to be out of reach`),
    ...(answered < leastAnswered ? [`only ${Math.round(answered * 100)} % of the findings are answered`] : []),
    ...(app.shell ? [] : shells.map((path) => `${path} is a shell, and none is needed`)),
    ...(sameDigest ? [] : ['slimming it twice gives two digests']),
    ...differences,
  ];
}
