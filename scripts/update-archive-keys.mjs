// Writes src/signing/keys/debian.ts or ubuntu.ts from the keyring of a package of Debian's archive,
// debian-archive-keyring or ubuntu-keyring:
//   node scripts/update-archive-keys.mjs debian|ubuntu [KEYRING]
// Signatures that third parties made on the keys are left out; `gpg` is needed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const distributions = {
  debian: { title: 'Debian', from: 'debian-archive-keyring', wanted: /./ },
  // The keyring has a key that signs disk images too.
  ubuntu: { title: 'Ubuntu', from: 'ubuntu-keyring', wanted: /Archive/ },
};
const [, , distribution = 'debian', given] = process.argv;
const { title, from, wanted } = distributions[distribution];
const keyring = given ?? `/usr/share/keyrings/${distribution}-archive-keyring.gpg`;
const home = mkdtempSync(join(tmpdir(), 'cinzel-keys-'));
const gpg = (...args) =>
  execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });

try {
  gpg('--import', keyring);
  const listed = gpg('--list-keys', '--with-colons').toString().split('\n');
  const keys = [];
  for (const [index, line] of listed.entries()) {
    if (!line.startsWith('pub:')) continue;
    const fingerprint = listed
      .slice(index)
      .find((other) => other.startsWith('fpr:'))
      .split(':')[9];
    const name = listed
      .slice(index)
      .find((other) => other.startsWith('uid:'))
      .split(':')[9]
      .replace(/ <.*/, '');
    if (!wanted.test(name)) continue;
    const data = gpg('--export', '--export-options', 'export-minimal', fingerprint).toString('base64');
    keys.push({ fingerprint, name, data });
  }
  keys.sort((a, b) => (a.name < b.name ? -1 : 1));
  const items = keys.map(
    ({ fingerprint, name, data }) =>
      `  {\n    fingerprint: '${fingerprint}',\n    name: '${name}',\n    data: [\n${data
        .match(/.{1,108}/g)
        .map((part) => `      '${part}',\n`)
        .join('')}    ].join(''),\n  },\n`,
  );
  const text = `import type { ArchiveKey } from '../archive-key.ts';

/** The keys that sign ${title}'s archives: those of ${from}. Made by scripts/update-archive-keys.mjs. */
export const ${distribution}Keys: readonly ArchiveKey[] = [
${items.join('')}];
`;
  writeFileSync(new URL(`../src/signing/keys/${distribution}.ts`, import.meta.url), text);
} finally {
  rmSync(home, { recursive: true });
}
