import { decodeName, encodeName, type ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { folder, type LayerFile, textFile } from '../files.ts';

/** The user without privileges whom distroless images agree on. */
export const nonrootId = 65_532;
const ids = `${nonrootId}:${nonrootId}`;
const home = 'home/nonroot';

/** What an image gets so that this user has a name and a home. */
export interface NonrootAccount {
  readonly rewritten: ReadonlyMap<ImagePath, Uint8Array>;
  readonly files: readonly LayerFile[];
}

/** The lines and the folder that are missing. What is there stays as it is. */
export async function nonrootAccount(filesystem: Filesystem): Promise<NonrootAccount> {
  const rewritten = new Map<ImagePath, Uint8Array>();
  const files: LayerFile[] = [];
  const lines = [
    ['/etc/passwd', 'root:x:0:0:root:/root:/sbin/nologin', `nonroot:x:${ids}:nonroot:/${home}:/sbin/nologin`],
    ['/etc/group', 'root:x:0:', `nonroot:x:${nonrootId}:`],
  ] as const;
  for (const [path, root, line] of lines) {
    const real = filesystem.resolve(path)?.path;
    const bytes = real === undefined ? undefined : await filesystem.read(real);
    if (real === undefined) files.push(textFile(path, `${root}\n${line}\n`));
    if (real === undefined || bytes === undefined) continue;
    const text = decodeName(bytes);
    if (isKnown(text)) continue;
    rewritten.set(real, encodeName(`${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`));
  }
  if (filesystem.get(`/${home}`) === undefined)
    files.push(folder(`/${home}`, { mode: 0o700, uid: nonrootId, gid: nonrootId }));
  return { rewritten, files };
}

function isKnown(accounts: string): boolean {
  return accounts.split('\n').some((line) => {
    const [name, , id] = line.split(':');
    return name === 'nonroot' || id === String(nonrootId);
  });
}
