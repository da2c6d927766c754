import type { Need } from './universe.ts';

/** Puts what is needed before what needs it, but in circles; otherwise in the order of the start. Any depth will do. */
export function arrange<Package>(
  start: readonly Package[],
  chosen: { readonly has: (found: Package) => boolean },
  needsOf: (found: Package) => readonly Need<Package>[],
): readonly Package[] {
  const arranged: Package[] = [];
  const met = new Set<Package>();
  const open: { readonly found: Package; readonly needed: readonly Package[]; next: number }[] = [];
  function enter(found: Package): void {
    if (met.has(found)) return;
    met.add(found);
    const needed = needsOf(found).flatMap(({ solutions }) => solutions.filter((one) => chosen.has(one)));
    open.push({ found, needed, next: 0 });
  }
  for (const found of start) {
    enter(found);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const needed = top.needed[top.next++];
      if (needed !== undefined) enter(needed);
      else {
        arranged.push(top.found);
        open.pop();
      }
    }
  }
  return arranged;
}
