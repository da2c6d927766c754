import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Trace } from './model.ts';
import { isSandbox, StraceProcess } from './strace-process.ts';
import { traceOf, type Use } from './trace-of.ts';

/** Reads what strace wrote about each process (`-ff -y`), but for the sandbox's own. */
export async function readTrace(folder: string, start: string): Promise<Trace> {
  const uses: Use[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const process = new StraceProcess(start);
    const own: Use[] = [];
    let sandbox = false;
    for await (const line of createInterface({ input: createReadStream(join(folder, name), 'latin1') })) {
      if (isSandbox(line)) {
        sandbox = true;
        break;
      }
      own.push(...process.read(line));
    }
    if (!sandbox) for (const use of own) uses.push(use);
  }
  return traceOf(uses);
}
