import type { Report } from '../../../core/diagnostics.ts';
import { versionSchemes } from '../../../versions/index.ts';
import type { SourcePackage, Uncovered } from '../../feed.ts';
import type { ArchiveState } from './source-state.ts';

const order = versionSchemes.deb;

/** Says what could not be read or decided about these packages: the same whether it was asked now or before. */
export function reportKnown(sources: readonly SourcePackage[], state: ArchiveState, report: Report): void {
  for (const parameters of state.expired) report({ code: 'archive.expired', severity: 'warning', parameters });
  for (const suite of state.lacking)
    report({ code: 'archive.suite-missing', severity: 'warning', parameters: { suite } });
  for (const { name: source, version } of sources) {
    const { newest, missing, cutAt, unclear = [] } = state.sources.get(source) ?? {};
    if (newest === undefined || order.compare(version, newest) >= 0) continue;
    if (missing === true) {
      report({ code: 'changelog.missing', severity: 'warning', parameters: { source, version: newest } });
    }
    if (cutAt !== undefined && order.compare(cutAt, version) > 0) {
      const parameters = { source, version: newest, oldest: cutAt };
      report({ code: 'changelog.cut', severity: 'warning', parameters });
    }
    for (const mention of unclear.filter((one) => order.compare(one.version, version) > 0)) {
      report({ code: 'changelog.mention', severity: 'info', parameters: { ...mention, source } });
    }
  }
}

/** The packages about which the archive has no answer. */
export function uncoveredSources(
  ecosystem: string,
  sources: readonly SourcePackage[],
  { sources: states }: ArchiveState,
): readonly Uncovered[] {
  return sources.flatMap(({ name, version }): readonly Uncovered[] => {
    const { newest, missing } = states.get(name) ?? {};
    if (newest === undefined) return [{ ecosystem, reason: 'not-published', package: name }];
    const isUnread = missing === true && order.compare(version, newest) < 0;
    return isUnread ? [{ ecosystem, reason: 'not-checked', package: name }] : [];
  });
}
