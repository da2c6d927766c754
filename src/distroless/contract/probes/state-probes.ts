import { setTimeout as sleep } from 'node:timers/promises';
import picomatch from 'picomatch';
import { contentText } from '../body-text.ts';
import { milliseconds } from '../duration.ts';
import type { Fields, FilesProbe, LogsProbe, UpProbe } from '../model.ts';
import type { Played } from './probe-player.ts';

/** Larger files are told by their size. */
const fileLimit = 8 * 1024 ** 2;

/** What the image has logged so far. */
export async function playLogs({ logs }: LogsProbe, { container }: Played): Promise<Fields> {
  const output = await container.output();
  return Object.fromEntries(logs.map((stream) => [stream, contentText(output[stream])]));
}

/** Which of the named files were written, and with what content. */
export async function playFiles({ files }: FilesProbe, { container }: Played): Promise<Fields> {
  const matches = picomatch([...files], { dot: true });
  const fields: Record<string, string> = {};
  for (const [path, { size, read }] of await container.written()) {
    if (matches(path)) fields[`file ${path}`] = size <= fileLimit ? contentText(await read()) : `${size} bytes`;
  }
  return fields;
}

/** Whether it still runs so long after its start, or how it ended. */
export async function playUp({ up }: UpProbe, { container, startedAt, signal }: Played): Promise<Fields> {
  const rest = Math.max(0, startedAt + milliseconds(up) - performance.now());
  const ending = await Promise.race([container.ended, sleep(rest, undefined, { signal })]);
  return ending === undefined ? { runs: 'yes' } : { runs: 'no', code: String(ending.code) };
}
