import type { Filesystem } from '../../filesystem/model.ts';
import type { Accounts } from './model.ts';

/** The users and groups in etc/passwd and etc/group (passwd(5), group(5)); a line that is none is skipped. */
export async function baseAccounts(filesystem: Filesystem): Promise<Accounts> {
  const rows = async (path: string): Promise<readonly (readonly string[])[]> => {
    const bytes = await filesystem.read(path);
    const text = bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
    return text.split('\n').map((line) => line.split(':'));
  };
  const users = (await rows('/etc/passwd')).flatMap(([name, , uid, gid, description = '', home = '/', shell = '']) =>
    isNamed(name, uid) && isNumber(gid) ? [{ name, uid: Number(uid), gid: Number(gid), description, home, shell }] : [],
  );
  const groups = (await rows('/etc/group')).flatMap(([name, , gid, members = '']) =>
    isNamed(name, gid) ? [{ name, gid: Number(gid), members: members.split(',').filter((one) => one !== '') }] : [],
  );
  return { users, groups };
}

function isNamed(name: string | undefined, id: string | undefined): name is string {
  return name !== undefined && name !== '' && isNumber(id);
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}
