import type { UnmetStep } from '../core/errors.ts';

/** The words in which a language tells why packages cannot be chosen. */
export interface UnmetWords {
  readonly request: string;
  readonly needs: (who: string, what: string) => string;
  /** Goes on from a need that was told just before. */
  readonly whichNeeds: (what: string) => string;
  readonly nothing: string;
  readonly only: (versions: string) => string;
  readonly conflicts: (who: string, what: string) => string;
  /** Says which package a relation names by something that it provides. */
  readonly provided: (other: string) => string;
  readonly neededBy: (who: string) => string;
  readonly versions: (name: string, versions: readonly [string, string]) => string;
  readonly more: (count: number) => string;
}

const longest = 16;

/** Joins the steps: `A needs B, which needs C (>= 2); C conflicts with D, which the request needs`. */
export function unmetText(steps: readonly UnmetStep[], words: UnmetWords): string {
  const told = steps.filter((step) => step.kind !== 'needs' || step.who !== undefined || step.available !== undefined);
  const sentences: string[] = [];
  let last: UnmetStep | undefined;
  for (const step of told.slice(0, longest)) {
    if (last !== undefined && continues(last, step)) {
      sentences.push(`${sentences.pop() ?? ''}${words.whichNeeds(step.what)}${lacking(step, words)}`);
    } else sentences.push(sentence(step, words));
    last = step;
  }
  if (told.length > longest) sentences.push(words.more(told.length - longest));
  return sentences.join('; ');
}

type NeedStep = Extract<UnmetStep, { readonly kind: 'needs' }>;

/** Whether a need is one of the single package that the step before needs. */
function continues(last: UnmetStep, step: UnmetStep): step is NeedStep {
  if (last.kind !== 'needs' || step.kind !== 'needs' || last.what.includes('|')) return false;
  return step.who === last.what.split(/[\s:]/)[0];
}

function sentence(step: UnmetStep, words: UnmetWords): string {
  switch (step.kind) {
    case 'needs':
      return `${words.needs(step.who ?? words.request, step.what)}${lacking(step, words)}`;
    case 'conflicts': {
      const named = step.what.split(/[\s:]/)[0] === step.other;
      const other = named ? '' : words.provided(step.other);
      return `${words.conflicts(step.who, step.what)}${other}${words.neededBy(step.neededBy ?? words.request)}`;
    }
    case 'versions':
      return words.versions(step.name, step.versions);
  }
}

function lacking({ available }: NeedStep, { nothing, only }: UnmetWords): string {
  if (available === undefined) return '';
  return available.length === 0 ? nothing : only(available.join(', '));
}
