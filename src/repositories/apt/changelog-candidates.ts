/** A binary package that may hold its source's changelog. */
export interface Candidate {
  readonly name: string;
  /** Of the .deb, in bytes. */
  readonly size: number;
}

/** What one more request costs, in bytes that could be read meanwhile. */
const requestCost = 200_000;

/**
 * Which package to read next, or undefined when all were tried.
 *
 * Any package may have only a link instead of the changelog, and the more of a source's packages turned out so, the
 * less likely another one has it; the package that links pointed to surely does. So the choice is by expected cost:
 * `size` for the linked one, `size × 2^(failures + 1)` for others.
 */
export function nextCandidate<Binary extends Candidate>(
  binaries: readonly Binary[],
  tried: ReadonlySet<string>,
  linkedTo: ReadonlySet<string>,
): Binary | undefined {
  const doubt = 2 ** (tried.size === 0 ? 0 : tried.size + 1);
  const cost = ({ name, size }: Candidate): number => (size + requestCost) * (linkedTo.has(name) ? 1 : doubt);
  return binaries
    .filter(({ name }) => !tried.has(name))
    .reduce<Binary | undefined>((best, one) => (best === undefined || cost(one) < cost(best) ? one : best), undefined);
}
