import { compareText } from '../../core/compare-text.ts';
import { tarEntryStreams } from '../../formats/tar/entries.ts';
import type { TarHeader } from '../../formats/tar/model.ts';
import type { WrittenFile } from '../model.ts';
import type { EngineClient } from './client.ts';

/** What engines themselves put into a container. */
const own =
  /^\/(?:proc|sys|dev|\.dockerenv|run\/\.containerenv|run\/secrets|etc\/(?:hosts|hostname|resolv\.conf|mtab))(?:\/|$)/;

/** Regular files that a container made or changed, as its engine tells. */
export async function writtenFiles(client: EngineClient, name: string): Promise<ReadonlyMap<string, WrittenFile>> {
  const changes = (await client.ask(['diff', name])).split('\n');
  const present = changes.filter((line) => /^[AC] \//.test(line)).map((line) => line.slice(2));
  const folders = new Set(changes.map((line) => line.slice(2, line.lastIndexOf('/'))));
  const found: [string, WrittenFile][] = [];
  for (const path of present) {
    if (own.test(path) || folders.has(path)) continue;
    const size = await readFirst(client, [name, path], (header) => (header.type === 'file' ? header.size : undefined));
    if (size === undefined) continue;
    const read = async () => (await readFirst(client, [name, path], (_, content) => collect(content))) ?? Buffer.of();
    found.push([path, { size, read }]);
  }
  return new Map(found.sort(([a], [b]) => compareText(a, b)));
}

/** Copies a path out of the container, and uses the first entry of what comes. */
async function readFirst<Result>(
  client: EngineClient,
  [name, path]: readonly [string, string],
  use: (header: TarHeader, content: AsyncIterable<Uint8Array>) => Result | Promise<Result>,
): Promise<Result | undefined> {
  const { child, ended } = client.start(['cp', `${name}:${path}`, '-']);
  const { stdout } = child;
  if (stdout === null) return undefined;
  try {
    for await (const { header, content } of tarEntryStreams(stdout)) return await use(header, content);
    return undefined;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}
