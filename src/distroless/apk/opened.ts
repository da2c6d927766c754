import { CinzelError } from '../../core/errors.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type PackageInfo, parsePackageInfo } from '../../repositories/apk/package-info.ts';
import { openApk, readApk } from '../../repositories/apk/read-apk.ts';
import type { LayerFile } from '../files.ts';
import type { LockedApk } from './lock.ts';

/** A package of the image: what the lock says of it, and what its archive holds. */
export interface OpenedApkPackage {
  readonly locked: LockedApk;
  readonly info: PackageInfo;
  readonly files: readonly LayerFile[];
  /** Names of its scripts: `.post-install`. */
  readonly scripts: readonly string[];
}

const width = 4;

/** Opens the packages of a lock, whose bytes were verified. */
export function openApks(
  packages: readonly LockedApk[],
  obtain: (locked: LockedApk) => Promise<Buffer>,
): Promise<readonly OpenedApkPackage[]> {
  return inParallel(packages, width, async (locked) => {
    const { filename: what, checksum } = locked;
    const { control, files } = readApk(openApk(await obtain(locked), { what, checksum }), what);
    const info = parsePackageInfo(control.get('.PKGINFO')?.content ?? new Uint8Array());
    checkInfo(locked, info);
    return { locked, info, files, scripts: [...control.keys()].filter((name) => name !== '.PKGINFO') };
  });
}

/** A package must be the one that the index promised, or the record would say what is not there. */
function checkInfo({ name, version, filename }: LockedApk, info: PackageInfo): void {
  for (const [field, expected] of [
    ['pkgname', name],
    ['pkgver', version],
  ] as const) {
    const [actual] = info.get(field) ?? [];
    if (actual === expected) continue;
    const problem = { kind: 'other-field', field, found: String(actual), expected } as const;
    throw new CinzelError('untrusted.malformed', { what: filename, problem });
  }
}
