import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFileLock } from '../file-lock.ts';

/**
 * A process that uses a lock: LOCK COUNTER ROUNDS. Each round adds one to the number in the counter file, slowly, so
 * that another in the same section at the same time is noticed. Without a counter it holds the lock until it is killed.
 */
const [lock = '', counter = '', rounds = '1'] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) {
  await withFileLock(lock, counter === '' ? hold : add, { wait: 120_000 });
}

async function hold(): Promise<void> {
  process.stdout.write('held\n');
  await sleep(600_000);
}

async function add(): Promise<void> {
  const before = Number(readFileSync(counter, 'utf8'));
  await sleep(Math.random() * 10);
  writeFileSync(counter, String(before + 1));
}
