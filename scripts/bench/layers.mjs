import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The compressed layers of an OCI archive as files of their own, for the commands that it is measured against. */
export function spoolLayers(archive, folder) {
  if (!existsSync(join(folder, 'index.json'))) {
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync('tar', ['-xf', archive, '-C', folder], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`tar could not unpack ${archive}`);
  }
  const blob = (digest) => join(folder, 'blobs', digest.replace(':', '/'));
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(blob(index.manifests[0].digest), 'utf8'));
  return manifest.layers.map(({ digest }) => blob(digest));
}
