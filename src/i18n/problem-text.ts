import type { Problem, ProblemKind, ProblemParameters } from '../core/problems.ts';

/** The words of each problem, as they stand in the middle of a sentence. */
export type ProblemMessages = { readonly [Kind in ProblemKind]: (parameters: ProblemParameters[Kind]) => string };

/** Makes the words of a problem with those of a language. */
export function problemText(messages: ProblemMessages): (problem: Problem) => string {
  return (problem) => {
    const { kind, ...parameters } = typeof problem === 'string' ? { kind: problem } : problem;
    const message = messages[kind] as (parameters: unknown) => string;
    return message(parameters);
  };
}
