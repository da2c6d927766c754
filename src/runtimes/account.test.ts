import { expect, it } from 'vitest';
import { findAccount } from './account.ts';

const files = {
  passwd: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n',
  group: 'root:x:0:\napp:x:1001:\ntty:x:5:app,root\n',
};

it.each([
  [undefined, { uid: 0, gid: 0, groups: [5], home: '/root' }],
  ['app', { uid: 1000, gid: 1001, groups: [5], home: '/home/app' }],
  ['1000', { uid: 1000, gid: 1001, groups: [5], home: '/home/app' }],
  ['app:tty', { uid: 1000, gid: 5, groups: [], home: '/home/app' }],
  ['65532', { uid: 65532, gid: 0, groups: [], home: '/' }],
  ['nobody', undefined],
])('understands the user %j as engines do', (user, account) => {
  expect(findAccount(user, files)).toEqual(account);
});
