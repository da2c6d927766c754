import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layPackages } from '../../src/operations/lay-packages.ts';
import { testToolbox } from '../../src/operations/testing/test-toolbox.ts';
import { mirrors } from '../debian-mirror.ts';
import { canMakeRoot, makeRootImage } from './made-root.ts';
import { sbomOf } from './sbom-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const demo = JSON.parse(readFileSync(join(import.meta.dirname, '../../scripts/demo-packages.json'), 'utf8')) as {
  readonly suite: string;
  readonly base: readonly string[];
  readonly tools: readonly string[];
  readonly runtime: readonly string[];
};

/** The image as the demo lays it out, by our own code. */
async function layOut(file: string): Promise<void> {
  const toolbox = testToolbox({ mirror: mirrors.main, 'cache.dir': join(folder, 'cache') });
  const layers = [demo.base, demo.tools, demo.runtime].map((packages) => ({ createdBy: 'RUN install', packages }));
  try {
    await layPackages({ suite: demo.suite, architecture: 'amd64', layers, config: {}, file, tag: 'demo' }, toolbox);
  } finally {
    await toolbox.close();
  }
}

/** The same packages as apt and dpkg install them, made an OCI archive by skopeo. */
async function install(file: string): Promise<void> {
  const include = [...demo.base, ...demo.tools, ...demo.runtime].join(',');
  const options = ['--variant=custom', '--architectures=amd64', '--dpkgopt=force-unsafe-io', `--include=${include}`];
  await makeRootImage(folder, demo.suite, options);
  execFileSync('skopeo', ['copy', '-q', `docker-archive:${join(folder, 'image.tar')}`, `oci-archive:${file}:demo`]);
}

async function inventoryOf(file: string): Promise<readonly string[]> {
  const { packages } = await sbomOf(`oci-archive:${file}`);
  const debs = packages.filter(({ type }) => type === 'deb');
  return debs.map(({ name, version, architecture, source, licenses }) =>
    [name, version, architecture, source?.name, source?.version, ...licenses].join(' '),
  );
}

describe.skipIf(!canMakeRoot('skopeo'))('the image of the demo', () => {
  it('has the packages that apt and dpkg install of the same list', { timeout: 1_200_000 }, async () => {
    const [ours, theirs] = ['ours.tar', 'theirs.tar'].map((name) => join(folder, name)) as [string, string];
    await layOut(ours);
    await install(theirs);
    const found = await inventoryOf(ours);
    expect(found.length).toBeGreaterThan(100);
    expect(found).toEqual(await inventoryOf(theirs));
  });
});
