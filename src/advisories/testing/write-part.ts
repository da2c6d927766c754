import { openStore } from '../store/open-store.ts';
import { sampleAdvisory } from './sample-advisory.ts';

/** Replaces a part with many records; run as a process of its own, to be killed: DIRECTORY PART COUNT. */
const [directory = '', part = '', count = '0'] = process.argv.slice(2);
const store = await openStore(directory, { readOnly: false, exclusive: (_path, write) => write() });
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
