import { inParallel } from '../../core/in-parallel.ts';
import { type DebArchives, decompressDeb, readDeb } from '../../repositories/apt/read-deb.ts';
import type { LockedPackage } from '../lock/model.ts';
import type { OpenedPackage } from './package-files.ts';

/** Where decompressed packages are kept between builds. */
export interface PackageCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface OpenPackagesOptions {
  readonly cache: PackageCache;
  /** The verified bytes of a .deb. */
  readonly obtain: (locked: LockedPackage) => Promise<Uint8Array>;
}

const width = 4;

/** Opens the packages of a lock. What was decompressed before is taken from the cache, without the .deb. */
export function openPackages(
  packages: readonly LockedPackage[],
  { cache, obtain }: OpenPackagesOptions,
): Promise<readonly OpenedPackage[]> {
  return inParallel(packages, width, async (locked) => {
    const key = `deb-archives/1/${locked.sha256}`;
    const known = unpack(await cache.get(key));
    const archives = known ?? (await decompressDeb(await obtain(locked), locked.filename));
    if (known === undefined) await cache.put(key, pack(archives));
    return { locked, content: readDeb(archives, locked.filename) };
  });
}

const lengthBytes = 8;

function pack({ control, data }: DebArchives): Uint8Array {
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64BE(BigInt(control.length));
  return Buffer.concat([length, control, data]);
}

function unpack(bytes: Uint8Array | undefined): DebArchives | undefined {
  if (bytes === undefined || bytes.length < lengthBytes) return undefined;
  const length = Number(Buffer.from(bytes.buffer, bytes.byteOffset, lengthBytes).readBigUInt64BE());
  const end = lengthBytes + length;
  return { control: bytes.subarray(lengthBytes, end), data: bytes.subarray(end) };
}
