import { gzipSync } from 'node:zlib';
import { tarEnd, tarHeaderBlocks, tarPadding } from '../../../formats/tar/write.ts';

/** A .deb that holds nothing but a changelog, where Debian's packages have it. */
export function changelogDeb(name: string, changelog: string): Buffer {
  const content = gzipSync(changelog);
  const data = Buffer.concat([
    tarHeaderBlocks({
      name: `./usr/share/doc/${name}/changelog.Debian.gz`,
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: content.length,
      mtime: 0,
    }),
    content,
    tarPadding(content.length),
    tarEnd,
  ]);
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    member('debian-binary', Buffer.from('2.0\n')),
    member('control.tar', tarEnd),
    member('data.tar', data),
  ]);
}

function member(name: string, content: Uint8Array): Buffer {
  const numbers = `${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
  const header = `${name.padEnd(16)}${numbers}${String(content.length).padEnd(10)}\`\n`;
  return Buffer.concat([Buffer.from(header), content, Buffer.alloc(content.length % 2, '\n')]);
}
