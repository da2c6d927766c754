import type { TestEntry } from '../../image/testing/make-layout.ts';

/** Layers that use each rule by which layers are merged, as the OCI specification has them. */
export const mergeCases: Readonly<Record<string, readonly (readonly TestEntry[])[]>> = {
  'a whiteout removes a file and a folder with all that is in it': [
    [
      { name: 'a/' },
      { name: 'a/one', content: '1' },
      { name: 'a/two', content: '2' },
      { name: 'b/' },
      { name: 'b/c/' },
      { name: 'b/c/d', content: 'd' },
    ],
    [{ name: 'a/' }, { name: 'a/.wh.one' }, { name: '.wh.b' }],
  ],
  'a whiteout does not remove what its own layer brings, before or after it': [
    [{ name: 'x', content: 'old' }, { name: 'd/' }, { name: 'd/low', content: 'low' }],
    [
      { name: 'x', content: 'new' },
      { name: '.wh.x' },
      { name: 'd/' },
      { name: '.wh.d' },
      { name: 'd/high', content: 'high' },
    ],
  ],
  'an opaque folder hides what is below and keeps what its layer brings': [
    [{ name: 'd/' }, { name: 'd/low', content: 'low' }, { name: 'd/sub/' }, { name: 'd/sub/deep', content: 'deep' }],
    [{ name: 'd/', mode: 0o700 }, { name: 'd/.wh..wh..opq' }, { name: 'd/high', content: 'high' }],
    [{ name: 'd/' }, { name: 'd/top', content: 'top' }],
  ],
  'a file replaces a folder, a folder a file, a link a folder': [
    [
      { name: 'a/' },
      { name: 'a/x', content: 'x' },
      { name: 'b', content: 'b' },
      { name: 'c/' },
      { name: 'c/y', content: 'y' },
    ],
    [{ name: 'a', content: 'now a file' }, { name: 'b/' }, { name: 'b/in', content: 'in' }, { name: 'c', link: 'b' }],
  ],
  'metadata of a folder changes and its content stays': [
    [
      { name: 'd/', mode: 0o755 },
      { name: 'd/x', content: 'x', mode: 0o600 },
    ],
    [{ name: 'd/', mode: 0o1777 }],
  ],
  'hard links share content, in a layer and across layers': [
    [
      { name: 'one', content: 'shared', mode: 0o755 },
      { name: 'two', type: 'hardlink', link: 'one', mode: 0o755 },
    ],
    [
      { name: 'three', type: 'hardlink', link: 'two', mode: 0o755 },
      { name: 'four', type: 'hardlink', link: '/three', mode: 0o755 },
    ],
    [{ name: '.wh.one' }],
  ],
  'a path under a link to a folder goes where the link leads': [
    [{ name: 'usr/' }, { name: 'usr/lib/' }, { name: 'usr/lib/low', content: 'low' }, { name: 'lib', link: 'usr/lib' }],
    [{ name: 'lib/high', content: 'high' }],
  ],
  'devices, fifos, setuid and sticky bits are kept': [
    [
      { name: 'pipe', type: 'fifo' },
      { name: 'null', type: 'character', device: { major: 1, minor: 3 } },
      { name: 'su', content: 'su', mode: 0o4755 },
      { name: 'tmp/', mode: 0o1777 },
    ],
  ],
  'of two entries for one path the later counts': [
    [
      { name: 'x', content: 'first' },
      { name: 'x', content: 'second' },
      { name: 'y', link: 'x' },
      { name: 'y', content: 'file now' },
    ],
  ],
};
