import { CinzelError } from '../../core/errors.ts';
import { decodeName } from '../../core/path.ts';

/** PAX records by key; a value is bytes, since names and extended attributes need not be text. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

/**
 * Parses the body of a PAX extended header: records of `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record
 * (POSIX.1-2017 pax, "pax Extended Header"). GNU's sparse format 0.0 repeats two keys for each run; they are joined
 * into the `GNU.sparse.map` that format 0.1 has. Throws `untrusted.malformed`.
 */
export function parsePax(body: Buffer): PaxRecords {
  const records = new Map<string, Buffer>();
  const sparse: string[] = [];
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const space = body.indexOf(32, at);
    const length = space > at && space - at <= 10 ? Number(body.toString('latin1', at, space)) : Number.NaN;
    const end = at + length;
    const equals = body.indexOf(61, space);
    if (!Number.isInteger(length) || end > body.length || equals < 0 || equals >= end || body[end - 1] !== 10) {
      throw new CinzelError('untrusted.malformed', { what: 'tar', problem: 'bad-pax' });
    }
    const key = body.toString('utf8', space + 1, equals);
    const value = body.subarray(equals + 1, end - 1);
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') sparse.push(value.toString('latin1'));
    else records.set(key, value);
    at = end;
  }
  if (sparse.length > 0) records.set('GNU.sparse.map', Buffer.from(sparse.join(',')));
  return records;
}

export function paxText(records: PaxRecords, key: string): string | undefined {
  const value = records.get(key);
  return value === undefined || value.length === 0 ? undefined : decodeName(value);
}

/** A decimal number, fraction allowed; NaN when it is none. */
export function paxNumber(records: PaxRecords, key: string): number | undefined {
  const value = records.get(key);
  if (value === undefined || value.length === 0) return undefined;
  const text = value.toString('latin1', 0, Math.min(value.length, 40));
  return /^-?\d+(?:\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Extended attributes: `SCHILY.xattr.NAME` raw, `LIBARCHIVE.xattr.NAME` URL-encoded name and base64 value. */
export function paxXattrs(records: PaxRecords): ReadonlyMap<string, Uint8Array> | undefined {
  let xattrs: Map<string, Uint8Array> | undefined;
  for (const [key, value] of records) {
    const attribute = readAttribute(key, value);
    if (attribute === undefined || xattrs?.has(attribute.name)) continue;
    xattrs ??= new Map();
    xattrs.set(attribute.name, attribute.value);
  }
  return xattrs;
}

function readAttribute(key: string, value: Buffer): { readonly name: string; readonly value: Uint8Array } | undefined {
  if (key.startsWith('SCHILY.xattr.')) return { name: key.slice(13), value: Uint8Array.from(value) };
  if (!key.startsWith('LIBARCHIVE.xattr.')) return undefined;
  return {
    name: decodePercent(key.slice(17)),
    value: Uint8Array.from(Buffer.from(value.toString('latin1'), 'base64')),
  };
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
