import { withFileLock } from '../../net/file-lock.ts';
import { openStore } from '../store/open-store.ts';
import { sampleAdvisory } from './sample-advisory.ts';

/** Replaces a part with many records; run as a process of its own: DIRECTORY PART COUNT [unlocked]. */
const [directory = '', part = '', count = '0', unlocked] = process.argv.slice(2);
const store = await openStore(directory, {
  readOnly: false,
  exclusive: (path, write) => (unlocked === undefined ? withFileLock(path, write, { wait: 30_000 }) : write()),
});
process.stdout.write('open\n');
await store.replace({
  feed: 'osv',
  part,
  feedVersion: 1,
  advisories: Array.from({ length: Number(count) }, (_, index) =>
    sampleAdvisory(`NEW-${index}`, { details: `${index} `.repeat(300) }),
  ),
  cursor: {},
  updatedAt: '2024-02-02T00:00:00Z',
});
await store.close();
process.stdout.write('done\n');
