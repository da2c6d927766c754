import type { RecipeDocument } from '../recipe/schema.ts';
import type { DebianRelease } from '../releases.ts';

/** As glibc's own example has it; C libraries without it look users up in files alone. */
const nsswitch = `# /etc/nsswitch.conf
#
# Example configuration of GNU Name Service Switch functionality.
# If you have the \`glibc-doc-reference' and \`info' packages installed, try:
# \`info libc "Name Service Switch"' for information about this file.

passwd:         compat
group:          compat
shadow:         compat
gshadow:        files

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
ethers:         db files
rpc:            db files

netgroup:       nis
`;

/** For programs that bring everything with them: certificates, time zones, users, and the names of ports and types. */
export function staticRecipe({ version }: DebianRelease): RecipeDocument {
  return {
    dependencies: 'listed',
    packages: [
      'base-files',
      'netbase',
      'tzdata',
      ...(version === '12' ? [] : ['tzdata-legacy']),
      'media-types',
      'ca-certificates',
    ],
    users: [
      { name: 'root', uid: 0, home: '/root' },
      { name: 'nobody', uid: 65534, home: '/nonexistent' },
      { name: 'nonroot', uid: 65532, home: '/home/nonroot' },
    ],
    groups: [
      { name: 'root', gid: 0 },
      { name: 'nobody', gid: 65534 },
      { name: 'tty', gid: 5 },
      { name: 'staff', gid: 50 },
      { name: 'nonroot', gid: 65532 },
    ],
    files: [
      { folder: '/', mode: '0755' },
      { folder: '/tmp', mode: '1777' },
      { text: nsswitch, to: '/etc/nsswitch.conf', mode: '0644' },
    ],
    'os-release': 'Distroless',
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
    },
    user: 0,
    workdir: '/',
  };
}
