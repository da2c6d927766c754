import { describe, expect, it } from 'vitest';
import { bytesFile, symlink } from '../../files.ts';
import { copiedFolders, copyRequests } from './copy-requests.ts';

function file(path: string, mode: number, uid = 0, gid = uid) {
  return bytesFile(path, Buffer.from('x'), { mode, uid, gid });
}

describe('requests that copy files', () => {
  it('are one for what is root’s and readable by all', () => {
    const files = [file('/app/a.js', 0o644), file('/app/run', 0o755), symlink('/app/b', 'a.js')];
    expect(copyRequests(files, 'x.files')).toEqual([{ copy: 'x.files', to: '/' }]);
    expect(copyRequests([], 'x.files')).toEqual([]);
  });

  it('name a folder that is mostly somebody’s, and what is otherwise in it', () => {
    const files = [
      file('/srv/app/a', 0o664, 1000),
      file('/srv/app/b', 0o775, 1000),
      file('/srv/app/lib/c', 0o664, 1000),
      file('/srv/app/root', 0o644),
      file('/srv/app/key', 0o400, 1000),
      file('/etc/shadow', 0o640, 0, 42),
    ];
    const requests = copyRequests(files, 'x.files');
    expect(requests).toEqual([
      { copy: 'x.files', to: '/' },
      { copy: 'x.files/srv/app', to: '/srv/app', owner: '1000:1000', umask: '002' },
      { copy: 'x.files/srv/app/root', to: '/srv/app/root', mode: '644' },
      { copy: 'x.files/srv/app/key', to: '/srv/app/key', owner: '1000:1000', mode: '400' },
      { copy: 'x.files/etc/shadow', to: '/etc/shadow', owner: '0:42', mode: '640' },
    ]);
    expect(Object.fromEntries(copiedFolders(files, requests))).toEqual({
      '/srv': { uid: 0, gid: 0, mode: 0o755 },
      '/srv/app': { uid: 1000, gid: 1000, mode: 0o775 },
      '/srv/app/lib': { uid: 1000, gid: 1000, mode: 0o775 },
      '/etc': { uid: 0, gid: 0, mode: 0o755 },
    });
  });
});
