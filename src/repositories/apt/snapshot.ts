import type { WantedDeb } from './download.ts';

const folders: Readonly<Record<string, string>> = { main: 'debian', security: 'debian-security' };

/** States follow each other by about six hours, and each is taken some time after its index was made. */
const lag = 6 * 3_600_000;

/**
 * Where the snapshot archive keeps a .deb that mirrors no longer have: its file in the state that the index was part
 * of, or the page of its source version. Undefined for archives that are not Debian's.
 */
export function snapshotAddress({
  archive,
  published,
  filename,
  source,
  sourceVersion,
}: Pick<WantedDeb, 'archive' | 'published' | 'filename' | 'source' | 'sourceVersion'>): string | undefined {
  const folder = folders[archive];
  if (folder === undefined) return undefined;
  const time = Date.parse(published ?? '');
  if (Number.isNaN(time)) {
    return `https://snapshot.debian.org/package/${source}/${encodeURIComponent(sourceVersion)}/`;
  }
  const stamp = new Date(time + lag).toISOString().replace(/[-:]|\.\d+/g, '');
  return `https://snapshot.debian.org/archive/${folder}/${stamp}/${filename}`;
}
