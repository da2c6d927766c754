import { chooseMirrors, type Mirrors, readHostSources } from '../src/repositories/apt/mirrors.ts';

/** The Debian archive of CINZEL_MIRROR or of the host; that of all states is nothing to test against. */
export const mirrors: Mirrors = chooseMirrors({
  given: process.env['CINZEL_MIRROR'],
  hostSources: readHostSources(),
  now: new Date(),
});

/** Whether there is an archive that has the suite. */
export async function archiveAnswers(suite: string): Promise<boolean> {
  if (mirrors.origin === 'public') return false;
  const request = fetch(`${mirrors.main}/dists/${suite}/InRelease`, {
    method: 'HEAD',
    signal: AbortSignal.timeout(5_000),
  });
  return request.then(({ ok }) => ok).catch(() => false);
}
