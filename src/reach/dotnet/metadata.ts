/** What an assembly names that is not an assembly. */
export interface AssemblyNames {
  /** Native libraries of its `DllImport`s, as written. */
  readonly libraries: readonly string[];
  /** Literal strings of its code. */
  readonly literals: readonly string[];
}

/** A column of a metadata table: bytes, a heap, rows of one table, or of one of several, told apart by so many bits. */
type Column = number | 'string' | 'guid' | 'blob' | { readonly tables: readonly number[]; readonly bits: number };

const [module, typeRef, typeDef, field, method, param] = [0x00, 0x01, 0x02, 0x04, 0x06, 0x08];
const [interfaceImpl, memberRef, permission, signature, event, property] = [0x09, 0x0a, 0x0e, 0x11, 0x14, 0x17];
const [moduleRef, typeSpec, assembly, assemblyRef, file, exportedType] = [0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27];
const [resource, genericParam, methodSpec, constraint] = [0x28, 0x2a, 0x2b, 0x2c];

const one = (table: number): Column => ({ tables: [table], bits: 0 });
const typeDefOrRef: Column = { tables: [typeDef, typeRef, typeSpec], bits: 2 };
const hasAttribute: Column = {
  tables: [
    method,
    field,
    typeRef,
    typeDef,
    param,
    interfaceImpl,
    memberRef,
    module,
    permission,
    property,
    event,
  ].concat(
    [signature, moduleRef, typeSpec, assembly, assemblyRef, file, exportedType, resource, genericParam, constraint],
    [methodSpec],
  ),
  bits: 5,
};

/** The columns of the tables up to ModuleRef, by number (ECMA-335, II.22 and II.24.2.6; the *Ptr tables as CoreCLR has them). */
const tables: readonly (readonly Column[])[] = [
  [2, 'string', 'guid', 'guid', 'guid'],
  [{ tables: [module, moduleRef, assemblyRef, typeRef], bits: 2 }, 'string', 'string'],
  [4, 'string', 'string', typeDefOrRef, one(field), one(method)],
  [one(field)],
  [2, 'string', 'blob'],
  [one(method)],
  [4, 2, 2, 'string', 'blob', one(param)],
  [one(param)],
  [2, 2, 'string'],
  [one(typeDef), typeDefOrRef],
  [{ tables: [typeDef, typeRef, moduleRef, method, typeSpec], bits: 3 }, 'string', 'blob'],
  [2, { tables: [field, param, property], bits: 2 }, 'blob'],
  [hasAttribute, { tables: [method, memberRef], bits: 3 }, 'blob'],
  [{ tables: [field, param], bits: 1 }, 'blob'],
  [2, { tables: [typeDef, method, assembly], bits: 2 }, 'blob'],
  [2, 4, one(typeDef)],
  [4, one(field)],
  ['blob'],
  [one(typeDef), one(event)],
  [one(event)],
  [2, 'string', typeDefOrRef],
  [one(typeDef), one(property)],
  [one(property)],
  [2, 'string', 'blob'],
  [2, one(method), { tables: [event, property], bits: 1 }],
  [one(typeDef), { tables: [method, memberRef], bits: 1 }, { tables: [method, memberRef], bits: 1 }],
];

/** More names than any assembly has: what says more is broken. */
const mostNames = 10_000;

/** Reads the names from an assembly; undefined when the bytes are none (ECMA-335, II.24 and II.25). */
export function readAssembly(bytes: Uint8Array): AssemblyNames | undefined {
  try {
    return read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    // Whatever points outside of the bytes.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function read(image: Buffer): AssemblyNames | undefined {
  const metadata = findMetadata(image);
  if (metadata === undefined || metadata.readUInt32LE(0) !== 0x424a5342) return undefined;
  const streams = readStreams(metadata);
  const [table, strings] = [streams.get('#~'), streams.get('#Strings')];
  if (table === undefined || strings === undefined) return undefined;
  return { libraries: moduleRefs(table, strings), literals: userStrings(streams.get('#US')) };
}

/** The metadata: DOS header, PE header, the CLI header among its directories. */
function findMetadata(image: Buffer): Buffer | undefined {
  if (image.length < 0x40 || image.readUInt16LE(0) !== 0x5a4d) return undefined;
  const header = image.readUInt32LE(0x3c);
  if (image.readUInt32LE(header) !== 0x4550) return undefined;
  const sections = image.readUInt16LE(header + 6);
  const optional = header + 24;
  const directories = optional + (image.readUInt16LE(optional) === 0x20b ? 112 : 96);
  const firstSection = optional + image.readUInt16LE(header + 20);
  const at = (address: number): number => {
    for (let section = firstSection; section < firstSection + sections * 40; section += 40) {
      const start = image.readUInt32LE(section + 12);
      const size = Math.max(image.readUInt32LE(section + 8), image.readUInt32LE(section + 16));
      if (address >= start && address < start + size) return address - start + image.readUInt32LE(section + 20);
    }
    throw new RangeError('an address outside of every section');
  };
  const cli = image.readUInt32LE(directories + 14 * 8);
  if (cli === 0) return undefined;
  const start = at(image.readUInt32LE(at(cli) + 8));
  return image.subarray(start, start + image.readUInt32LE(at(cli) + 12));
}

function readStreams(metadata: Buffer): ReadonlyMap<string, Buffer> {
  const streams = new Map<string, Buffer>();
  const flags = 16 + metadata.readUInt32LE(12);
  let at = flags + 4;
  for (let count = metadata.readUInt16LE(flags + 2); count > 0; count--) {
    const offset = metadata.readUInt32LE(at);
    const end = metadata.indexOf(0, at + 8);
    const name = metadata.toString('latin1', at + 8, end);
    streams.set(name, metadata.subarray(offset, offset + metadata.readUInt32LE(at + 4)));
    at += 8 + Math.ceil((name.length + 1) / 4) * 4;
  }
  return streams;
}

/** Names in the ModuleRef table, which the sizes of all tables before it lead to. */
function moduleRefs(stream: Buffer, strings: Buffer): readonly string[] {
  const heaps = stream.readUInt8(6);
  const valid = stream.readBigUInt64LE(8);
  const rows: number[] = [];
  let at = 24;
  for (let table = 0; table < 64; table++) {
    const isThere = ((valid >> BigInt(table)) & 1n) === 1n;
    rows.push(isThere ? stream.readUInt32LE(at) : 0);
    if (isThere) at += 4;
  }
  const width = (column: Column): number => {
    if (typeof column === 'number') return column;
    if (typeof column === 'string') return heaps & { string: 1, guid: 2, blob: 4 }[column] ? 4 : 2;
    return column.tables.some((table) => (rows[table] ?? 0) >= 2 ** (16 - column.bits)) ? 4 : 2;
  };
  for (const [table, columns] of tables.entries()) {
    at += (rows[table] ?? 0) * columns.reduce<number>((sum, column) => sum + width(column), 0);
  }
  const count = rows[moduleRef] ?? 0;
  if (count > mostNames) return [];
  const size = width('string');
  return Array.from({ length: count }, (_, row) => {
    const index = size === 4 ? stream.readUInt32LE(at + row * 4) : stream.readUInt16LE(at + row * 2);
    return strings.toString('utf8', index, Math.max(index, strings.indexOf(0, index)));
  }).filter((name) => name !== '');
}

/** The literals of code: a length of one, two or four bytes, and UTF-16 with a byte at its end (ECMA-335, II.24.2.4). */
function userStrings(heap: Buffer | undefined): readonly string[] {
  const texts: string[] = [];
  for (let at = 1; heap !== undefined && at < heap.length; ) {
    const first = heap.readUInt8(at);
    const lead = first < 0x80 ? 1 : first < 0xc0 ? 2 : 4;
    const length =
      lead === 1 ? first : lead === 2 ? heap.readUInt16BE(at) & 0x3fff : heap.readUInt32BE(at) & 0x1fffffff;
    if (length > 1) texts.push(heap.toString('utf16le', at + lead, at + lead + length - 1));
    at += lead + length;
  }
  return texts;
}
