import { describe, expect, it } from 'vitest';
import type { TarHeader } from '../../formats/tar/model.ts';
import { TarStream } from '../../formats/tar/stream.ts';
import { oneBlockHeader } from './tar-file.ts';

function read(block: Uint8Array): TarHeader | undefined {
  let found: TarHeader | undefined;
  const tar = new TarStream({
    entry: (header) => {
      found = header;
      return undefined;
    },
    dropped: () => {},
  });
  tar.push(Buffer.from(block));
  return found;
}

describe('a header that is filled in last', () => {
  it.each([0, 1, 8 * 1024 ** 3 - 1, 8 * 1024 ** 3, 16 * 1024 ** 3])('has one block and tells a size of %d', (size) => {
    const block = oneBlockHeader('abc/layer.tar', size);
    expect(block).toHaveLength(512);
    expect(read(block)).toMatchObject({
      name: 'abc/layer.tar',
      type: 'file',
      size,
      mtime: 0,
      uid: 0,
      gid: 0,
      mode: 0o644,
    });
  });
});
