import { crc32 } from 'node:zlib';

/** Wraps bytes as .xz without compressing them: LZMA2 chunks that are stored (.xz file format 1.2.1, sections 2 to 5). */
export function storedXz(content: Uint8Array): Buffer {
  const flags = Buffer.from([0, 1]);
  const blockHeader = withCrc(Buffer.from([2, 0, 0x21, 1, 0x16, 0, 0, 0]));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 65536) {
    const part = content.subarray(at, at + 65536);
    chunks.push(Buffer.from([at === 0 ? 1 : 2, (part.length - 1) >> 8, (part.length - 1) & 255]), part);
  }
  const data = Buffer.concat([...chunks, Buffer.of(0)]);
  const check = uint32(crc32(content));
  const unpadded = blockHeader.length + data.length + check.length;
  const index = withCrc(padded(Buffer.from([0, 1, ...variable(unpadded), ...variable(content.length)])));
  const backwards = Buffer.concat([uint32(index.length / 4 - 1), flags]);
  return Buffer.concat([
    Buffer.from('fd377a585a00', 'hex'),
    withCrc(flags),
    blockHeader,
    padded(data),
    check,
    index,
    uint32(crc32(backwards)),
    backwards,
    Buffer.from('YZ'),
  ]);
}

function withCrc(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, uint32(crc32(bytes))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function variable(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...variable(Math.floor(value / 128))];
}
