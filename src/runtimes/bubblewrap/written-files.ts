import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../../core/compare-text.ts';
import type { WrittenFile } from '../model.ts';

/** Regular files that a run made or changed: what the overlay caught, or of a copy what is newer than its start. */
export async function writtenFiles(run: string): Promise<ReadonlyMap<string, WrittenFile>> {
  const copied = existsSync(join(run, 'copied'));
  const root = join(run, copied ? 'merged' : 'upper');
  const since = copied ? (await stat(join(run, 'started'))).ctimeMs : undefined;
  const found: [string, WrittenFile][] = [];
  for await (const path of walk(root, '')) {
    const file = join(root, path);
    const stats = await lstat(file).catch(() => undefined);
    if (stats?.isFile() !== true || (since !== undefined && stats.ctimeMs <= since)) continue;
    found.push([path, { size: stats.size, read: () => readFile(file) }]);
  }
  return new Map(found.sort(([a], [b]) => compareText(a, b)));
}

async function* walk(root: string, path: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const child = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, child);
    else yield child;
  }
}
