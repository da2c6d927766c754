import { decodeName, encodeName, type ImagePath } from '../../core/path.ts';
import type { Filesystem } from '../../filesystem/model.ts';
import { folder, type LayerFile } from '../files.ts';

/** The user without privileges whom distroless images agree on. */
export const nonrootId = 65_532;
const home = 'home/nonroot';

/** What an image gets so that this user has a name and a home. */
export interface NonrootAccount {
  readonly rewritten: ReadonlyMap<ImagePath, Uint8Array>;
  readonly files: readonly LayerFile[];
}

/** The lines and the folder that are missing. What is there stays as it is. */
export async function nonrootAccount(filesystem: Filesystem): Promise<NonrootAccount> {
  const rewritten = new Map<ImagePath, Uint8Array>();
  const lines = [
    ['/etc/passwd', `nonroot:x:${nonrootId}:${nonrootId}:nonroot:/${home}:/sbin/nologin`],
    ['/etc/group', `nonroot:x:${nonrootId}:`],
  ] as const;
  for (const [path, line] of lines) {
    const bytes = await filesystem.read(path);
    const text = bytes === undefined ? undefined : decodeName(bytes);
    const real = filesystem.resolve(path)?.path;
    if (text === undefined || real === undefined || isKnown(text)) continue;
    rewritten.set(real, encodeName(`${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`));
  }
  const files = filesystem.get(`/${home}`) === undefined ? [ownHome()] : [];
  return { rewritten, files };
}

function isKnown(accounts: string): boolean {
  return accounts.split('\n').some((line) => {
    const [name, , id] = line.split(':');
    return name === 'nonroot' || id === String(nonrootId);
  });
}

function ownHome(): LayerFile {
  return folder(`/${home}`, { mode: 0o700, uid: nonrootId, gid: nonrootId });
}
