// The floor under verification: a bare script that hashes a file.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const hash = createHash('sha256');
for await (const chunk of createReadStream(process.argv[2], { highWaterMark: 1 << 20 })) hash.update(chunk);
console.log(hash.digest('hex'));
