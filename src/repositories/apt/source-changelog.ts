import { isCinzelError } from '../../core/errors.ts';
import type { Limits } from '../../core/limits.ts';
import { parseChangelog } from './changelog.ts';
import { type Candidate, nextCandidate } from './changelog-candidates.ts';
import { changelogInDeb } from './changelog-in-deb.ts';

/** A version of a source package and the binary packages that were built from it. */
export interface BuiltSource<Binary extends Candidate> {
  readonly name: string;
  readonly version: string;
  readonly binaries: readonly Binary[];
}

/** How many packages are read at most before the changelog is given up. */
const attempts = 16;

/**
 * The text of a source version's changelog, from the smallest of its binary packages that carries it; undefined when
 * none does, or none could be fetched.
 *
 * A text is the right one when it has an entry of this source and version; anything else (upstream's own changelog,
 * the changelog of another source) is passed over. `fetch` gives the bytes of a package and fails at the end of the
 * stream when their hash does not fit; no byte is used before.
 */
export async function readSourceChangelog<Binary extends Candidate>(
  source: BuiltSource<Binary>,
  fetch: (binary: Binary) => AsyncIterable<Uint8Array>,
  limits: Limits,
): Promise<string | undefined> {
  const tried = new Set<string>();
  const linkedTo = new Map<string, number>();
  while (tried.size < attempts) {
    const candidate = nextCandidate(source.binaries, { tried, linkedTo });
    if (candidate === undefined) return undefined;
    tried.add(candidate.name);
    const found = await changelogInDeb(fetch(candidate), (text) => isOf(source, text), limits).catch(passOver);
    if (found?.texts[0] !== undefined) return found.texts[0];
    for (const name of found?.linkedTo ?? []) linkedTo.set(name, (linkedTo.get(name) ?? 0) + 1);
  }
  return undefined;
}

function isOf({ name, version }: BuiltSource<Candidate>, text: string): boolean {
  return parseChangelog(text).entries.some((entry) => entry.source === name && entry.version === version);
}

/** A package that the mirror lacks or that is damaged leaves the others; a network that is gone does not. */
function passOver(error: unknown): undefined {
  if (isCinzelError(error, 'environment.http') || (isCinzelError(error) && error.code.startsWith('untrusted.'))) return;
  throw error;
}
