import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { mediaTypes } from '../manifest.ts';

/** A way to compress layers. */
export interface LayerEncoder {
  readonly mediaType: string;
  encode(plain: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** The encoders by the name that the command line gives them. */
export const layerEncoders = {
  /** Node's zlib: its bytes may differ between builds of Node, so it suits copies and not reproducible builds. */
  gzip: {
    mediaType: `${mediaTypes.ociLayer}+gzip`,
    // What goes wrong in the source destroys the compressor with that error, which its reader gets.
    encode: (plain) => pipeline(plain, createGzip(), () => {}),
  },
} as const satisfies Record<string, LayerEncoder>;

export type LayerEncoding = keyof typeof layerEncoders;
