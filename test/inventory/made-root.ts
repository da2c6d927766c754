import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mirrors } from '../debian-mirror.ts';

const run = promisify(execFile);

/** Whether mmdebstrap and its archive are here; in continuous integration they must be. */
export function canMakeRoot(...tools: readonly string[]): boolean {
  if (process.env['CI'] !== undefined) return true;
  if (mirrors.origin === 'public') return false;
  return ['mmdebstrap', 'dpkg-query', ...tools].every((tool) => spawnSync(tool, ['--version']).status === 0);
}

/**
 * Makes a root filesystem of a Debian suite, without its updates, by mmdebstrap, and of it an image of one layer in the
 * form that Docker saves: `image.tar` in the folder. Its dpkg database is there too, for dpkg-query.
 */
export async function makeRootImage(
  folder: string,
  suite: string,
  options: readonly string[],
  config: object = {},
): Promise<void> {
  const tar = await makeRoot(folder, suite, options);
  await run('tar', ['-xf', tar, '-C', folder, './var/lib/dpkg']);
  await writeImage(folder, config);
}

/** Makes the archive of such a root filesystem, `root.tar` in the folder, and gives its path. */
export async function makeRoot(folder: string, suite: string, options: readonly string[]): Promise<string> {
  const tar = join(folder, 'root.tar');
  const mode = process.getuid?.() === 0 ? 'root' : 'unshare';
  const source = `deb ${mirrors.main} ${suite} main`;
  await run('mmdebstrap', [`--mode=${mode}`, ...options, suite, tar, source], { maxBuffer: 2 ** 26 });
  return tar;
}

async function writeImage(folder: string, runs: object): Promise<void> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(join(folder, 'root.tar'))) hash.update(part as Buffer);
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: runs,
    rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
    history: [{ created_by: 'mmdebstrap' }],
  };
  const manifest = [{ Config: 'config.json', RepoTags: ['root:latest'], Layers: ['root.tar'] }];
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await run('tar', ['-cf', join(folder, 'image.tar'), '-C', folder, 'manifest.json', 'config.json', 'root.tar']);
  await rm(join(folder, 'root.tar'));
}
