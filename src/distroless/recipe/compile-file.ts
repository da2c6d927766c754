import type { FileRequest, Owner } from './model.ts';
import type { WrittenFile } from './schema.ts';

/** Understands an item of `files`; paths of a `copy` are relative to the folder. */
export function compileFile(written: WrittenFile, folder: string): FileRequest {
  const owner = ownerOf(written.owner);
  const owned = owner === undefined ? {} : { owner };
  if ('symlink' in written) return { kind: 'symlink', to: written.to, target: written.symlink, ...owned };
  const mode = modeOf(written.mode);
  const permissions = { ...owned, ...(mode === undefined ? {} : { mode }) };
  if ('folder' in written) return { kind: 'folder', to: written.folder, ...permissions };
  if ('text' in written) return { kind: 'text', to: written.to, text: written.text, ...permissions };
  const umask = modeOf(written.umask);
  const masked = umask === undefined ? {} : { umask };
  const { to, copy: from, ignore = [] } = written;
  return { kind: 'copy', to, from, folder, ignore, ...permissions, ...masked };
}

function modeOf(written: string | number | undefined): number | undefined {
  return typeof written === 'string' ? Number.parseInt(written, 8) : written;
}

function ownerOf(written: string | number | undefined): Owner | undefined {
  if (written === undefined) return undefined;
  const [user = '', group] = String(written).split(':');
  return { user, ...(group === undefined || group === '' ? {} : { group }) };
}
