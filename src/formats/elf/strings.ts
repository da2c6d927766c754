import type { ElfFile } from './model.ts';

const sectionBits = 1;
const flagWritable = 1;
const flagAllocated = 2;
const flagExecutable = 4;
const segmentLoad = 1;

/**
 * Texts of at least four printable ASCII characters, ended by NUL, in the constant data of an ELF file that match the
 * pattern (which must be global); of a pattern with a group what that holds. Constant data are the read-only sections; without section headers, the segments that
 * are neither written nor executed.
 */
export function* constantTexts(elf: ElfFile, bytes: Uint8Array, pattern: RegExp): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { offset, size } of constantParts(elf)) {
    // By parts, so that a large one is never in memory as text whole; texts across a seam are seen by the overlap.
    for (let at = offset; at < Math.min(offset + size, buffer.length); at += partSize) {
      const text = buffer.toString('latin1', at, Math.min(at + partSize + overlap, offset + size));
      for (const match of text.matchAll(pattern)) yield match[1] ?? match[0];
    }
  }
}

const partSize = 4 * 1024 ** 2;
const overlap = 4096;

function constantParts(elf: ElfFile): readonly { readonly offset: number; readonly size: number }[] {
  const sections = elf.sections.filter(
    ({ type, flags, name }) =>
      type === sectionBits &&
      (flags & (flagWritable | flagAllocated | flagExecutable)) === flagAllocated &&
      isData(name),
  );
  if (sections.length > 0) return sections;
  return elf.segments.flatMap(({ type, flags, offset, fileSize }) =>
    type === segmentLoad && flags === 4 ? [{ offset, size: fileSize }] : [],
  );
}

/** Read-only too, but never texts: unwinding tables, notes, the interpreter. */
function isData(name: string): boolean {
  return !/^\.(eh_frame|gcc_except_table|note|interp|gnu)/.test(name);
}
