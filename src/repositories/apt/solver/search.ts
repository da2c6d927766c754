import { CinzelError } from '../../../core/errors.ts';
import { explain } from './explain.ts';
import { createFormula } from './formula.ts';
import { learn } from './learn.ts';
import type { Candidate } from './solvable.ts';
import type { Need, Universe } from './universe.ts';
import { type Chosen, walk } from './walk.ts';

export interface SearchOptions<Package> {
  /** What was asked for, for the message. */
  readonly wanted: readonly string[];
  /** All versions of a name, also those that cannot be chosen. */
  readonly versionsOf: (name: string) => readonly Package[];
  /** Literals to look at before giving up; 50 million, the default, take some seconds. */
  readonly steps?: number;
}

/**
 * The packages that fill the requests, with all that they need and nothing that another shuts out, whatever archive's
 * rules the universe has. Throws `usage.unsatisfiable` and `usage.unsolved`.
 */
export function search<Package extends Candidate>(
  requests: readonly Need<Package>[],
  universe: Universe<Package>,
  { wanted, versionsOf, steps: limit = 50_000_000 }: SearchOptions<Package>,
): ReadonlyMap<Package, Chosen<Package>> {
  let steps = 0;
  const formula = createFormula(universe, (count) => {
    steps += count;
    if (steps > limit) throw new CinzelError('usage.unsolved', { wanted: wanted.join(' ') });
  });
  const { assignment } = formula;
  let unmet = requests.map((need) => formula.require(need)).find((clause) => clause !== undefined);
  for (;;) {
    unmet ??= assignment.propagate();
    const outcome = unmet === undefined ? walk(requests, formula, universe) : { kind: 'unmet' as const, clause: unmet };
    if (outcome.kind === 'done') return outcome.chosen;
    const learnt = learn(outcome.clause, assignment);
    if (learnt === undefined) {
      throw new CinzelError('usage.unsatisfiable', {
        steps: explain(outcome.clause, { assignment, universe, versionsOf, requests }),
      });
    }
    assignment.restart();
    unmet = assignment.add(learnt);
  }
}
