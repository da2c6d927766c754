import { CinzelError } from '../core/errors.ts';
import type { ScanResult } from '../report/model.ts';
import type { Invocation } from './command.ts';

/** With --strict a partial answer ends the run, after it has been given. */
export function checkStrict(results: readonly ScanResult[], { configuration }: Invocation): void {
  if (!configuration.get('strict')) return;
  const count = results.reduce((sum, { diagnostics, advisories }) => {
    const serious = diagnostics.filter(({ severity }) => severity !== 'info').length;
    return sum + serious + (advisories?.uncovered.length ?? 0);
  }, 0);
  if (count > 0) throw new CinzelError('untrusted.partial', { count });
}
