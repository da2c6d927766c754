import { compareText } from '../../core/compare-text.ts';
import type { Advisory } from '../model.ts';
import type { PartWrite } from '../store.ts';

/** The ecosystems that advisories and checked packages name, and those that are known already; sorted. */
export function distinctEcosystems(
  advisories: Iterable<Pick<Advisory, 'affected'>>,
  { checked }: Pick<PartWrite, 'checked'>,
  known: readonly string[] = [],
): readonly string[] {
  const names = new Set(known);
  for (const { affected } of advisories) for (const { ecosystem } of affected) names.add(ecosystem);
  for (const { ecosystem } of checked ?? []) names.add(ecosystem);
  return [...names].sort(compareText);
}
