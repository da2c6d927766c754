import type { ArchiveKey } from './archive-key.ts';

/** The keys that sign the archives of each distribution, loaded when they are needed. */
const keyrings = {
  debian: async () => (await import('./keys/debian.ts')).debianKeys,
  ubuntu: async () => (await import('./keys/ubuntu.ts')).ubuntuKeys,
} as const satisfies Record<string, () => Promise<readonly ArchiveKey[]>>;

export type KnownArchive = keyof typeof keyrings;

/** The keys by which the archives of a distribution are known. */
export async function archiveKeys(distribution: KnownArchive): Promise<readonly ArchiveKey[]> {
  return keyrings[distribution]();
}
