import { openContentCache } from '../content-cache.ts';

/**
 * A process that uses a cache as others do at the same time: DIRECTORY ROUNDS BYTES. What a key gives can be told from
 * the key; it fails when it is given something else.
 */
const [directory = '', rounds = '0', maxBytes = '0'] = process.argv.slice(2);
const cache = openContentCache(directory, { maxBytes: Number(maxBytes) });
let hits = 0;
for (let round = 0; round < Number(rounds); round++) {
  const key = `layer/${Math.floor(Math.random() * 12)}`;
  const content = Buffer.alloc(20_000, key);
  if (Math.random() < 0.5) await cache.put(key, content);
  const found = await cache.get(key);
  if (found !== undefined && !content.equals(found)) throw new Error(`wrong content for ${key}`);
  if (found !== undefined) hits++;
}
process.stdout.write(`${hits}\n`);
