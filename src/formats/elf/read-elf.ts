import { CinzelError } from '../../core/errors.ts';
import { readDynamic } from './dynamic.ts';
import { ElfBytes, tableText } from './elf-bytes.ts';
import type { ElfFile, ElfSection, ElfSegment } from './model.ts';

const segmentInterpreter = 3;
/** More headers than any linker writes; a longer table is an attack. */
const mostHeaders = 4096;

/** Whether the bytes begin as an ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * Reads the headers and the dynamic section of an ELF file; `what` names it in errors.
 * Throws `untrusted.malformed` and `untrusted.truncated`.
 */
export function readElf(bytes: Uint8Array, what: string): ElfFile {
  if (!isElf(bytes)) throw new CinzelError('untrusted.malformed', { what, problem: 'no-elf' });
  const [bits, order] = [bytes[4], bytes[5]];
  if ((bits !== 1 && bits !== 2) || (order !== 1 && order !== 2)) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'elf-class' });
  }
  const reader = new ElfBytes(bytes, what);
  const segments = readSegments(reader);
  const interpreter = readInterpreter(reader, segments);
  const dynamic = readDynamic(reader, segments);
  return {
    bits: bits === 2 ? 64 : 32,
    byteOrder: order === 1 ? 'little' : 'big',
    type: reader.half(16),
    machine: reader.half(18),
    segments,
    sections: readSections(reader),
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(dynamic === undefined ? {} : { dynamic }),
  };
}

function readSegments(reader: ElfBytes): readonly ElfSegment[] {
  const { wide } = reader;
  const start = reader.native(wide ? 32 : 28);
  const size = reader.half(wide ? 54 : 42);
  const count = start === 0 ? 0 : Math.min(reader.half(wide ? 56 : 44), mostHeaders);
  return Array.from({ length: count }, (_, index): ElfSegment => {
    const at = start + index * size;
    return {
      type: reader.word(at),
      flags: reader.word(at + (wide ? 4 : 24)),
      offset: reader.native(at + (wide ? 8 : 4)),
      address: reader.native(at + (wide ? 16 : 8)),
      fileSize: reader.native(at + (wide ? 32 : 16)),
    };
  });
}

/** Sections serve only to find strings: where they cannot be read there are none. */
function readSections(reader: ElfBytes): readonly ElfSection[] {
  try {
    return tryReadSections(reader);
  } catch (error) {
    if (error instanceof CinzelError) return [];
    throw error;
  }
}

function tryReadSections(reader: ElfBytes): readonly ElfSection[] {
  const { wide } = reader;
  const start = reader.native(wide ? 40 : 32);
  const size = reader.half(wide ? 58 : 46);
  const count = start === 0 ? 0 : Math.min(reader.half(wide ? 60 : 48), mostHeaders);
  const raw = Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      nameAt: reader.word(at),
      type: reader.word(at + 4),
      flags: reader.native(at + 8),
      offset: reader.native(at + (wide ? 24 : 16)),
      size: reader.native(at + (wide ? 32 : 20)),
    };
  });
  const names = raw[reader.half(wide ? 62 : 50)];
  if (names === undefined) return [];
  const table = reader.slice(names.offset, names.size);
  return raw.map(({ nameAt, ...section }) => ({ ...section, name: tableText(table, nameAt) }));
}

function readInterpreter(reader: ElfBytes, segments: readonly ElfSegment[]): string | undefined {
  const segment = segments.find(({ type }) => type === segmentInterpreter);
  const path = segment && tableText(reader.slice(segment.offset, segment.fileSize), 0);
  return path === '' ? undefined : path;
}
