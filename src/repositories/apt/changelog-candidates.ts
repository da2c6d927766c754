/** A binary package that may hold its source's changelog. */
export interface Candidate {
  readonly name: string;
  /** Of the .deb, in bytes. */
  readonly size: number;
}

/** What has been learnt from packages that did not hold it. */
export interface Misses {
  readonly tried: ReadonlySet<string>;
  /** How many packages had links into the documentation of this one. */
  readonly linkedTo: ReadonlyMap<string, number>;
}

/** What one more request costs, in bytes that could be read meanwhile. */
const requestCost = 200_000;

/**
 * Which package to read next, or undefined when all were tried.
 *
 * Any package may have only a link instead of the changelog, and the more of them point to the same package, the less
 * likely another one has it itself; that package surely does. So the choice is by expected cost: its size where links
 * lead, and twice that of any other for each link, as both ways may be worth it for a source such as OpenJDK's, whose
 * only changelog lies in 44 MB.
 */
export function nextCandidate<Binary extends Candidate>(
  binaries: readonly Binary[],
  { tried, linkedTo }: Misses,
): Binary | undefined {
  const doubt = linkedTo.size === 0 ? 1 : 2 ** (1 + Math.max(...linkedTo.values()));
  const cost = ({ name, size }: Candidate): number => (size + requestCost) * (linkedTo.has(name) ? 1 : doubt);
  return binaries
    .filter(({ name }) => !tried.has(name))
    .reduce<Binary | undefined>((best, one) => (best === undefined || cost(one) < cost(best) ? one : best), undefined);
}
