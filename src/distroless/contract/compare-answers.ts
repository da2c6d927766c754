import type { Answer, Difference } from './model.ts';
import { matchesWildcards } from './wildcard.ts';

/** In what the answers of an image are not those that were recorded; nothing when it keeps the contract. */
export function compareAnswers(recorded: readonly Answer[], played: readonly Answer[]): readonly Difference[] {
  const byName = new Map(played.map((answer) => [answer.name, answer.fields]));
  return recorded.flatMap(({ name, fields }) => {
    const actual = byName.get(name) ?? {};
    const failure = actual['failure'];
    if (failure !== undefined && fields['failure'] === undefined) {
      return [{ probe: name, field: 'failure', actual: failure }];
    }
    return Object.entries(fields).flatMap(([field, expected]): readonly Difference[] => {
      const text = actual[field];
      if (text === undefined) return [{ probe: name, field, expected }];
      return matchesWildcards(text, expected) ? [] : [{ probe: name, field, expected, actual: text }];
    });
  });
}
