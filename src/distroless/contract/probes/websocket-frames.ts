import { randomBytes } from 'node:crypto';

const codes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
type FrameKind = keyof typeof codes;
const kinds = new Map<number, FrameKind>(Object.entries(codes).map(([kind, code]) => [code, kind as FrameKind]));

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

/** A frame as clients send it: whole and masked (RFC 6455, section 5.2). */
export function maskedFrame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | codes[kind];
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** Longer messages are no answers. */
const sizeLimit = 16 * 1024 ** 2;

/** Reads messages of a server; fragments are joined. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);
  #fragments: Frame[] = [];

  push(bytes: Uint8Array): readonly Frame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      const whole = this.#join(frame);
      if (whole !== undefined) frames.push(whole);
    }
    return frames;
  }

  #next(): (Frame & { readonly final: boolean }) | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const first = bytes.readUInt8(0);
    const short = bytes.readUInt8(1) & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) return undefined;
    const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (size > sizeLimit) throw new Error('a message is too long');
    if (bytes.length < start + size) return undefined;
    this.#bytes = bytes.subarray(start + size);
    const kind = kinds.get(first & 0x0f) ?? 'close';
    return { kind, payload: bytes.subarray(start, start + size), final: (first & 0x80) !== 0 };
  }

  #join({ kind, payload, final }: Frame & { readonly final: boolean }): Frame | undefined {
    if (kind !== 'continuation' && final) return { kind, payload };
    this.#fragments.push({ kind, payload });
    if (!final) return undefined;
    const fragments = this.#fragments;
    this.#fragments = [];
    return { kind: fragments[0]?.kind ?? kind, payload: Buffer.concat(fragments.map((part) => part.payload)) };
  }
}
