import type { Filesystem } from '../filesystem/model.ts';
import type { Distribution } from './model.ts';

/** Globs of the files in which apt finds its archives (sources.list(5)). */
export const aptSourcePaths: readonly string[] = [
  '/etc/apt/sources.list',
  '/etc/apt/sources.list.d/*.list',
  '/etc/apt/sources.list.d/*.sources',
];

const maximumBytes = 64 * 1024;
const maximumFiles = 64;

/** What those files of an image say; longer ones than any real one are passed over. */
export async function readAptSources(filesystem: Filesystem): Promise<NonNullable<Distribution['sources']>> {
  const entries = filesystem.selected(aptSourcePaths).filter(({ size }) => size <= maximumBytes);
  const sources: { path: string; text: string }[] = [];
  for (const { path } of entries.slice(0, maximumFiles)) {
    const bytes = await filesystem.read(path);
    if (bytes !== undefined) sources.push({ path, text: Buffer.from(bytes).toString('utf8') });
  }
  return sources;
}
