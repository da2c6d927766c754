import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Trace } from './model.ts';
import { isSandbox, StraceProcess } from './strace-process.ts';
import { traceOf, type Use } from './trace-of.ts';

/**
 * Reads what strace wrote about each process (`-ff -y`), but for the sandbox's own. System calls are told when all of
 * them were watched.
 */
export async function readTrace(folder: string, start: string, allCalls: boolean): Promise<Trace> {
  const calls = new Set<string>();
  const uses: Use[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const process = new StraceProcess(start);
    const own: Use[] = [];
    const ownCalls = new Set<string>();
    let sandbox = false;
    for await (const line of createInterface({ input: createReadStream(join(folder, name), 'latin1') })) {
      if (isSandbox(line)) {
        sandbox = true;
        break;
      }
      own.push(...process.read(line));
      const [, call] = /^([a-z_]\w*)\(/.exec(line) ?? [];
      if (call !== undefined) ownCalls.add(call);
    }
    if (sandbox) continue;
    for (const use of own) uses.push(use);
    for (const call of ownCalls) calls.add(call);
  }
  return traceOf(uses, allCalls ? calls : undefined);
}
