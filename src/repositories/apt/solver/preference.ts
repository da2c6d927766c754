import type { Solvable } from './solvable.ts';

const priorities = ['required', 'important', 'standard', 'optional', 'extra'];

/**
 * Orders the packages that fill one alternative as apt does where nothing is installed: who has the name before who
 * provides it, then essential, then important packages, then by priority, then whoever the indexes name last. Versions of
 * one package stay as they are.
 */
export function compareProviders(name: string, rankOf: (name: string) => number): (a: Solvable, b: Solvable) => number {
  return function compare(a, b) {
    return (
      first(a.name === name, b.name === name) ||
      first(a.essential, b.essential) ||
      first(a.important, b.important) ||
      priorityOf(a) - priorityOf(b) ||
      rankOf(b.name) - rankOf(a.name)
    );
  };
}

function first(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}

/** Unknown ones count as the last. */
function priorityOf({ priority }: Solvable): number {
  const index = priorities.indexOf(priority);
  return index < 0 ? priorities.length - 1 : index;
}
