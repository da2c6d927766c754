import { encodeName } from '../../core/path.ts';
import { blockSize, padded, type TarHeader, type TarType } from './model.ts';

const flags: Readonly<Record<TarType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** Two zero blocks: the end of an archive. */
export const tarEnd: Uint8Array = Buffer.alloc(2 * blockSize);

/** Zero bytes that fill the last block of a content of this size. */
export function tarPadding(size: number): Uint8Array {
  return Buffer.alloc(padded(size) - size);
}

/**
 * The header blocks of an entry in POSIX pax format: a PAX record only for what the ustar block cannot hold exactly, so
 * equal headers give equal bytes. Content of `header.size` bytes and its padding follow. User and group names are left out, as image
 * layers mean numbers.
 */
export function tarHeaderBlocks(header: TarHeader): Uint8Array {
  const name = header.type === 'directory' && !header.name.endsWith('/') ? `${header.name}/` : header.name;
  const records = paxRecordsFor(header, name);
  const block = headerBlock({ ...header, name }, flags[header.type]);
  if (records.length === 0) return block;
  const body = Buffer.concat(records);
  const extension = headerBlock(
    { name: 'PaxHeaders/entry', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: body.length },
    'x',
  );
  return Buffer.concat([extension, body, tarPadding(body.length), block]);
}

interface BlockFields {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly link?: string;
  readonly device?: { readonly major: number; readonly minor: number };
}

function headerBlock(fields: BlockFields, flag: string): Buffer {
  const block = Buffer.alloc(blockSize);
  const { name, prefix } = splitName(encodeName(fields.name));
  block.set(name.subarray(0, 100), 0);
  writeOctal(block, 100, 8, fields.mode);
  writeOctal(block, 108, 8, fits(fields.uid, 7) ? fields.uid : 0);
  writeOctal(block, 116, 8, fits(fields.gid, 7) ? fields.gid : 0);
  writeOctal(block, 124, 12, fits(fields.size, 11) ? fields.size : 0);
  writeOctal(block, 136, 12, fits(fields.mtime, 11) ? fields.mtime : 0);
  block.write('        ', 148, 'latin1');
  block.write(flag, 156, 'latin1');
  if (fields.link !== undefined) block.set(encodeName(fields.link).subarray(0, 100), 157);
  block.write('ustar\x0000', 257, 'latin1');
  if (fields.device !== undefined) {
    writeOctal(block, 329, 8, fields.device.major);
    writeOctal(block, 337, 8, fields.device.minor);
  }
  block.set(prefix, 345);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function paxRecordsFor(header: TarHeader, name: string): readonly Buffer[] {
  const records: Buffer[] = [];
  const bytes = encodeName(name);
  const fitsBlock = bytes.length <= 100 || splitName(bytes).prefix.length > 0;
  if (!fitsBlock || !isAscii(bytes)) records.push(paxRecord('path', bytes));
  const link = header.link === undefined ? undefined : encodeName(header.link);
  if (link !== undefined && (link.length > 100 || !isAscii(link))) records.push(paxRecord('linkpath', link));
  if (!fits(header.size, 11)) records.push(paxRecord('size', Buffer.from(String(header.size))));
  if (!fits(header.uid, 7)) records.push(paxRecord('uid', Buffer.from(String(header.uid))));
  if (!fits(header.gid, 7)) records.push(paxRecord('gid', Buffer.from(String(header.gid))));
  if (!fits(header.mtime, 11)) records.push(paxRecord('mtime', Buffer.from(String(header.mtime))));
  const xattrs = [...(header.xattrs ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of xattrs) records.push(paxRecord(`SCHILY.xattr.${key}`, value));
  return records;
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 128);
}

/** ustar's two name fields: at most 155 bytes, a slash that is not stored, at most 100 bytes. */
function splitName(name: Uint8Array): { readonly name: Uint8Array; readonly prefix: Uint8Array } {
  const none = { name, prefix: new Uint8Array() };
  if (name.length <= 100 || name.length > 256) return none;
  for (let slash = Math.min(155, name.length - 2); slash >= name.length - 101 && slash > 0; slash--) {
    if (name[slash] === 47) return { name: name.subarray(slash + 1), prefix: name.subarray(0, slash) };
  }
  return none;
}

/** Whether a number can be written in so many octal digits. */
function fits(value: number, digits: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 8 ** digits;
}

function writeOctal(block: Buffer, at: number, length: number, value: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
}

/** One `LENGTH KEY=VALUE\n` record; LENGTH counts its own digits. */
function paxRecord(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.byteLength(key) + value.length + 3;
  let length = rest + String(rest).length;
  if (rest + String(length).length > length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')]);
}
