import { type FileHandle, writeFile } from 'node:fs/promises';
import { blockSize, type TarHeader } from '../../formats/tar/model.ts';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../../formats/tar/write.ts';

/** Writes an archive of files and folders into a file, one after the other, with no time and no owner. */
export interface TarFile {
  folder(name: string): Promise<void>;
  file(name: string, content: Uint8Array): Promise<void>;
  /** A file whose size is known before. */
  stream(name: string, size: number, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** A file whose size is known once it was written; its header is filled in then. */
  streamUnsized(name: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  end(): Promise<void>;
}

export function tarFile(handle: FileHandle): TarFile {
  let position = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    await handle.writeFile(bytes);
    position += bytes.length;
  };
  const pour = async (source: AsyncIterable<Uint8Array>): Promise<number> => {
    const start = position;
    await writeFile(
      handle,
      counted(source, (bytes) => {
        position += bytes;
      }),
    );
    return position - start;
  };
  const stream: TarFile['stream'] = async (name, size, source) => {
    await write(tarHeaderBlocks(plainHeader(name, 'file', size)));
    await pour(source);
    await write(tarPadding(size));
  };
  return {
    folder: (name) => write(tarHeaderBlocks(plainHeader(name, 'directory', 0))),
    file: (name, content) =>
      stream(
        name,
        content.length,
        (async function* () {
          yield content;
        })(),
      ),
    stream,
    streamUnsized: async (name, source) => {
      const at = position;
      await write(Buffer.alloc(blockSize));
      const size = await pour(source);
      await write(tarPadding(size));
      await handle.write(oneBlockHeader(name, size), 0, blockSize, at);
    },
    end: () => write(tarEnd),
  };
}

async function* counted(source: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}

function plainHeader(name: string, type: TarHeader['type'], size: number): TarHeader {
  return { name, type, size, mode: type === 'directory' ? 0o755 : 0o644, uid: 0, gid: 0, mtime: 0 };
}

const largestOctal = 8 ** 11;

/**
 * The header of a file in one block whatever its size: from 8 GiB on, the size is a base-256 number (GNU tar manual,
 * "Basic Tar Format"), which every reader of image archives knows. The name has at most 100 bytes of ASCII.
 */
export function oneBlockHeader(name: string, size: number): Uint8Array {
  if (size < largestOctal) return tarHeaderBlocks(plainHeader(name, 'file', size));
  const block = Buffer.from(tarHeaderBlocks(plainHeader(name, 'file', 0)));
  block.fill(0, 124, 136);
  block[124] = 0x80;
  block.writeBigUInt64BE(BigInt(size), 128);
  block.write('        ', 148, 'latin1');
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
