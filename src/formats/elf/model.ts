/** A run of bytes in a file and where it is mapped. */
export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
}

/** Symbol versions of one library: those that the file needs, or those that it defines itself. */
export interface ElfVersions {
  readonly file: string;
  readonly versions: readonly string[];
}

/** What an ELF file says of itself. Format: System V gABI, chapters 4 and 5; gabi/elf(5). */
export interface ElfFile {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** e_machine: 62 is x86-64, 183 AArch64 … */
  readonly machine: number;
  /** e_type: 2 executable, 3 shared object (also position-independent executables). */
  readonly type: number;
  readonly segments: readonly ElfSegment[];
  /** Empty when the section headers were stripped. */
  readonly sections: readonly ElfSection[];
  /** PT_INTERP: the program interpreter. */
  readonly interpreter?: string;
  /** Absent in a static file. */
  readonly dynamic?: ElfDynamic;
}

/** What the dynamic loader reads. */
export interface ElfDynamic {
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  readonly soname?: string;
  /** DT_RPATH and DT_RUNPATH, split at colons and not expanded. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** DF_1_NODEFLIB: the default folders are not searched. */
  readonly noDefaultFolders: boolean;
  readonly versionsNeeded: readonly ElfVersions[];
  readonly versionsDefined: readonly string[];
  /** The dynamic string table: names of libraries and of symbols, each ended by NUL. */
  readonly strings: Uint8Array;
}
