import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the folder of one run beside the image's files: where they come to lie (`merged`), what is written (`upper`),
 * and what the runtime mounts.
 */
export async function makeRunFolder(
  parent: string,
  name: string,
  hosts: readonly string[],
): Promise<{ readonly path: string; readonly files: ReadonlyMap<string, string> }> {
  const path = join(parent, name);
  for (const part of ['merged', 'upper', 'work', 'trace']) await mkdir(join(path, part), { recursive: true });
  const texts = {
    hosts: `127.0.0.1 localhost ${[name, ...hosts].join(' ')}\n::1 localhost\n`,
    hostname: `${name}\n`,
    'resolv.conf': '',
  };
  for (const [file, text] of Object.entries(texts)) await writeFile(join(path, file), text, { mode: 0o644 });
  return { path, files: new Map(Object.keys(texts).map((file) => [`/etc/${file}`, file])) };
}

/**
 * Lays the image's files, which stand beside the run's folder, into `merged` and becomes the command: as an overlay
 * where that can be mounted, which is private to what is started here, else as a copy.
 */
export const layRoot = `
if [ "$1" = overlay ] && mount -t overlay overlay -o lowerdir=../root,upperdir=upper,workdir=work merged 2>/dev/null
then :; else cp -a ../root/. merged && : > copied; fi
: > started
shift
exec "$@"
`;
