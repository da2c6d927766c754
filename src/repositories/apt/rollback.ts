import { CinzelError } from '../../core/errors.ts';
import type { IndexCache, Release } from './release.ts';

interface SeenBefore {
  /** Base address. */
  readonly archive: string;
  readonly suite: string;
  readonly cache: IndexCache;
}

/**
 * Refuses a release file older than one that the same archive has shown before: whoever serves an old one, though its
 * signature is good, hides the fixes since. Archives of past states never change. Throws `untrusted.rolled-back`.
 */
export async function checkNotOlder({ date }: Release, { archive, suite, cache }: SeenBefore): Promise<void> {
  const time = Date.parse(date);
  if (Number.isNaN(time) || /\/\d{8}T\d{6}Z$/.test(archive)) return;
  const key = `apt-date/1/${archive} ${suite}`;
  const seen = await cache.get(key);
  const newest = seen === undefined ? undefined : Buffer.from(seen).toString('utf8');
  if (newest !== undefined && Date.parse(newest) > time) {
    throw new CinzelError('untrusted.rolled-back', { what: { kind: 'suite-index', suite }, date, newest });
  }
  if (newest !== date) await cache.put(key, Buffer.from(date));
}
