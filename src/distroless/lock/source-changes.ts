import { versionSchemes } from '../../versions/index.ts';
import type { Lock, LockedPackage } from './model.ts';

/** A source package that a lock has in a newer version than the lock before it. */
export interface SourceUpgrade {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  /** The new packages of one architecture that were built from it. */
  readonly binaries: readonly LockedPackage[];
}

/** The sources that became newer from one lock to the next, by name; each once, whatever the architectures. */
export function sourceUpgrades(before: Lock, after: Lock): readonly SourceUpgrade[] {
  const found = new Map<string, SourceUpgrade>();
  for (const [architecture, { packages }] of Object.entries(after.architectures)) {
    const old = sourceVersions(before.architectures[architecture]?.packages ?? []);
    for (const { source, sourceVersion } of packages) {
      const was = old.get(source);
      const key = `${source} ${was} ${sourceVersion}`;
      if (was === undefined || found.has(key) || versionSchemes.deb.compare(was, sourceVersion) >= 0) continue;
      const binaries = packages.filter((one) => one.source === source && one.sourceVersion === sourceVersion);
      found.set(key, { source, before: was, after: sourceVersion, binaries });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, upgrade]) => upgrade);
}

function sourceVersions(packages: readonly LockedPackage[]): ReadonlyMap<string, string> {
  return new Map(packages.map(({ source, sourceVersion }) => [source, sourceVersion]));
}
