// Whole commands, timed from outside.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Runs a command to its end: seconds, peak anonymous memory in bytes, and what it printed. Throws when it fails. */
export async function run(command, args, { env = {}, input } = {}) {
  const started = process.hrtime.bigint();
  const child = spawn(command, args, {
    stdio: [input ?? 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let printed = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  let anonymous = 0;
  const watch = setInterval(() => {
    anonymous = Math.max(anonymous, anonymousBytes(child.pid));
  }, 10);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(watch);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${complaint}`);
  return { seconds, anonymous, printed };
}

/** RssAnon of proc_pid_status(5); 0 where there is no such file. */
function anonymousBytes(pid) {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Whether there is a program of this name. */
export function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** The fastest of some runs of each, taken in turn so that what else the machine does falls on all alike. */
export async function fastest(runs, ...works) {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < runs; round++) {
    for (const [index, work] of works.entries()) {
      const started = process.hrtime.bigint();
      const given = await work();
      const seconds = given?.seconds ?? Number(process.hrtime.bigint() - started) / 1e9;
      best[index] = Math.min(best[index], seconds);
    }
  }
  return best;
}
