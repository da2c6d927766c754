import { describe, expect, it } from 'vitest';
import { ownerIds } from '../recipe-files.ts';
import { userId } from './compile-runtime.ts';

const users = [{ name: 'app', uid: 1000, gid: 1001, home: '/', shell: '/sbin/nologin', description: '' }];
const groups = [{ name: 'staff', gid: 50, members: [] }];

describe('whom a recipe names', () => {
  it('is in numbers, root also where no account is listed', () => {
    expect(userId('app', users)).toBe('1000');
    expect(userId('app:50', users)).toBe('1000:50');
    expect(userId('root', [])).toBe('0');
    expect(userId('65532:65532', [])).toBe('65532:65532');
    expect(ownerIds({ user: 'root', group: 'staff' }, { users, groups })).toEqual({ uid: 0, gid: 50 });
    expect(ownerIds({ user: 'app', group: 'root' }, { users, groups })).toEqual({ uid: 1000, gid: 0 });
  });

  it('is refused when nobody knows it', () => {
    expect(() => userId('nobody', users)).toThrow(/recipe-account/);
    expect(() => ownerIds({ user: 'app', group: 'wheel' }, { users, groups })).toThrow(/recipe-account/);
  });
});
