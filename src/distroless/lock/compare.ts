import { compareText } from '../../core/compare-text.ts';
import type { Lock, LockedArchitecture, LockedPackage } from './model.ts';

/** A package that one lock has and the other has not, or has in another version. */
export interface LockChange {
  readonly architecture: string;
  readonly name: string;
  /** Absent for a package that is new. */
  readonly before?: string;
  /** Absent for a package that is gone. */
  readonly after?: string;
}

/** What changed from one lock to the next, by architecture and name. */
export function compareLocks(before: Lock | undefined, after: Lock): readonly LockChange[] {
  const names = [...new Set([...Object.keys(before?.architectures ?? {}), ...Object.keys(after.architectures)])].sort();
  return names.flatMap((architecture) =>
    comparePackages(
      architecture,
      packagesOf(before?.architectures[architecture]),
      packagesOf(after.architectures[architecture]),
    ),
  );
}

type Named = Pick<LockedPackage, 'name' | 'version'>;

function packagesOf(locked: LockedArchitecture | undefined): readonly Named[] {
  return [...(locked?.packages ?? []), ...(locked?.apk?.packages ?? [])];
}

function comparePackages(
  architecture: string,
  before: readonly Named[],
  after: readonly Named[],
): readonly LockChange[] {
  const old = new Map(before.map(({ name, version }) => [name, version]));
  const fresh = new Map(after.map(({ name, version }) => [name, version]));
  return [...new Set([...old.keys(), ...fresh.keys()])].sort(compareText).flatMap((name) => {
    const [was, is] = [old.get(name), fresh.get(name)];
    if (was === is) return [];
    const versions = { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
    return [{ architecture, name, ...versions }];
  });
}
