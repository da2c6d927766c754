/** What a made ELF file (64 bits, little endian, x86-64 unless said otherwise) says of itself. */
export interface TestElf {
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  readonly machine?: number;
  /** Texts of a read-only segment. */
  readonly texts?: readonly string[];
  /** Names in the dynamic string table besides those of libraries. */
  readonly symbols?: readonly string[];
}

const headerSize = 64;
const segmentSize = 56;

/** Bytes of an ELF file with segments and a dynamic section, and without section headers. */
export function makeElf(elf: TestElf): Uint8Array {
  const strings = [
    '',
    ...(elf.needed ?? []),
    elf.soname ?? '',
    elf.rpath ?? '',
    elf.runpath ?? '',
    ...(elf.symbols ?? []),
  ];
  const table = Buffer.from(`${strings.join('\0')}\0`, 'latin1');
  const at = (text: string): number => table.indexOf(`\0${text}\0`, 0, 'latin1') + 1;
  const texts = Buffer.from((elf.texts ?? []).map((text) => `${text}\0`).join(''), 'latin1');
  const interpreter = Buffer.from(`${elf.interpreter ?? ''}\0`, 'latin1');
  const segments = elf.interpreter === undefined ? 3 : 4;
  const start = headerSize + segments * segmentSize;
  const tableAt = start + interpreter.length;
  const textsAt = tableAt + table.length;
  const dynamicAt = textsAt + texts.length;
  const dynamic = numbers(
    [
      ...(elf.needed ?? []).flatMap((name) => [1, at(name)]),
      ...(elf.soname === undefined ? [] : [14, at(elf.soname)]),
      ...(elf.rpath === undefined ? [] : [15, at(elf.rpath)]),
      ...(elf.runpath === undefined ? [] : [29, at(elf.runpath)]),
    ].concat([5, tableAt, 10, table.length, 0, 0]),
  );
  return Buffer.concat([
    header(elf.machine ?? 62, segments),
    ...(elf.interpreter === undefined ? [] : [segment(3, 4, start, interpreter.length)]),
    segment(1, 5, 0, dynamicAt + dynamic.length),
    segment(1, 4, textsAt, texts.length),
    segment(2, 4, dynamicAt, dynamic.length),
    interpreter,
    table,
    texts,
    dynamic,
  ]);
}

function header(machine: number, segments: number): Buffer {
  const bytes = Buffer.alloc(headerSize);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(BigInt(headerSize), 32);
  bytes.writeUInt16LE(segmentSize, 54);
  bytes.writeUInt16LE(segments, 56);
  return bytes;
}

function segment(type: number, flags: number, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(segmentSize);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(flags, 4);
  for (const [index, value] of [offset, offset, offset, size, size, 1].entries()) {
    bytes.writeBigUInt64LE(BigInt(value), 8 + index * 8);
  }
  return bytes;
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), index * 8);
  return bytes;
}
