import type { Candidate } from '../../../repositories/apt/changelog-candidates.ts';

/** What the feed needs of an archive whose indexes have been verified. */
export interface SourceArchive<Binary extends ArchiveBinary = ArchiveBinary> {
  /** The newest version of a source over all pockets of the suite, with the packages built from it. */
  readonly newest: (source: string) => NewestSource<Binary> | undefined;
  /** The bytes of a package; fails at the end of the stream when their hash does not fit the index. */
  readonly fetch: (binary: Binary) => AsyncIterable<Uint8Array>;
}

export interface NewestSource<Binary extends ArchiveBinary = ArchiveBinary> {
  readonly version: string;
  readonly binaries: readonly Binary[];
}

export interface ArchiveBinary extends Candidate {
  /** Hexadecimal. */
  readonly sha256: string;
}
