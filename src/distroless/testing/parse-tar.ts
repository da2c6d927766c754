import type { TarHeader } from '../../formats/tar/model.ts';
import { TarParser } from '../../formats/tar/parser.ts';

/** An entry of a layer, its content as text. */
export interface TarEntryText extends TarHeader {
  readonly path: string;
  readonly text: string;
}

/** The entries of a layer in their order; paths without the slash that ends folders. */
export function parseTar(tar: Buffer): readonly TarEntryText[] {
  const entries: TarEntryText[] = [];
  const parser = new TarParser({
    entry: (header, { offset, stored }) => {
      const text = tar.toString('utf8', offset, offset + stored);
      entries.push({ ...header, path: header.name.replace(/\/$/, ''), text });
    },
    dropped: (name, problem) => {
      throw new Error(`${name}: ${JSON.stringify(problem)}`);
    },
  });
  while (!parser.done) parser.accept(tar.subarray(parser.position, parser.position + parser.length));
  return entries;
}
