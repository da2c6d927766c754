import { readKey } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { archiveKeys } from './archive-keys.ts';

/** As the projects publish them (ftp-master.debian.org/keys.html; wiki.ubuntu.com/SecurityTeam/FAQ). */
const published = {
  debian: [
    '1F89983E0081FDE018F3CC9673A4F27B8DD47936',
    'AC530D520F2F3269F5E98313A48449044AAD5C5D',
    'B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8',
    '05AB90340C0C5E797F44A8C8254CF3B5AEC0A8F0',
    '4D64FEC119C2029067D6E791F8D2585B8783D481',
  ],
  ubuntu: ['790BC7277767219C42C86F933B4FE6ACC0B21F32', 'F6ECB3762474EDA9D21B7022871920D1991BC93C'],
} as const;

describe('archiveKeys', () => {
  it.each(['debian', 'ubuntu'] as const)('are the public keys that %s publishes', async (distribution) => {
    const keys = await archiveKeys(distribution);
    expect(keys.map(({ fingerprint }) => fingerprint)).toEqual(expect.arrayContaining([...published[distribution]]));
    for (const { fingerprint, data } of keys) {
      const key = await readKey({ binaryKey: Uint8Array.from(Buffer.from(data, 'base64')) });
      expect(key.getFingerprint().toUpperCase()).toBe(fingerprint);
      expect(key.isPrivate()).toBe(false);
    }
  });
});
