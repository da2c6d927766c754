import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DockerEngine, hasDockerTools, startDockerEngine } from '../image/testing/docker-engine.ts';
import { makeLayer, makeLayout, type TestEntry } from '../image/testing/make-layout.ts';
import { type Listing, listingOf, listingOfFolder } from './testing/listing.ts';
import { mergeCases } from './testing/merge-cases.ts';
import { readTestImage } from './testing/read-test-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinzel-docker-merge-'));

/**
 * What the engine of Debian 12 (20.10, overlay2) does not take: it reads a layer alone, with no lower one beneath it. Each
 * name is a case's, with what the engine says of it.
 */
const refused: Readonly<Record<string, RegExp>> = {
  'a whiteout does not remove what its own layer brings, before or after it': /mknod.*file exists/,
  'hard links share content, in a layer and across layers': /no such file or directory/,
  'of two entries for one path the later counts': /duplicates of file paths not supported/,
};
/** Where it does otherwise, and why we do not: docs/decisions/symlinked-parents.md. */
const underLink = 'a path under a link to a folder goes where the link leads';
const merged = Object.entries(mergeCases).filter(([name]) => refused[name] === undefined && name !== underLink);

/** What the engine puts into each container. */
const ofTheEngine = /^\/(?:\.dockerenv$|(?:dev|etc|proc|sys)(?:\/|$))/;

describe.skipIf(!hasDockerTools())('merging layers as a real Docker engine does', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine(join(folder, 'engine'));
  }, 60_000);
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The files of a container that the engine made of the layers. */
  function exported(layers: readonly (readonly TestEntry[])[]): Listing {
    const place = mkdtempSync(join(folder, 'case-'));
    const [archive, root] = [join(place, 'image.tar'), join(place, 'root')] as const;
    makeLayout(join(place, 'layout'), { layers: layers.map(makeLayer), tag: 't' });
    execFileSync('skopeo', ['copy', '-q', `oci:${join(place, 'layout')}:t`, `docker-archive:${archive}:merge:t`]);
    engine.command('load', '-i', archive);
    const container = engine.command('create', 'merge:t', '/none').toString().trim();
    mkdirSync(root);
    execFileSync('tar', ['-xpf', '-', '-C', root], { input: engine.command('export', container) });
    engine.command('rm', container);
    const listing = Object.entries(listingOfFolder(root));
    return Object.fromEntries(listing.filter(([path]) => !ofTheEngine.test(path)));
  }

  it.each(merged)('%s', { timeout: 60_000 }, async (_, layers) => {
    const image = { layers: layers.map(makeLayer), tag: 't' };
    const { filesystem } = await readTestImage(image, {}, mkdtempSync(join(folder, 'image-')));
    expect(await listingOf(filesystem)).toEqual(exported(layers));
  });

  /** Other drivers copy the layer below and unpack onto that, as we do; which one is taken depends on the disk. */
  function laysOver(): boolean {
    return engine.command('info', '--format', '{{.Driver}}').toString().trim() === 'overlay2';
  }

  it.each(Object.entries(refused))('it refuses: %s', { timeout: 60_000 }, (name, complaint) => {
    if (!laysOver()) return;
    expect(() => exported(mergeCases[name] ?? [])).toThrow(complaint);
  });

  it('it covers a link with a folder where a layer writes below it', { timeout: 60_000 }, () => {
    if (!laysOver()) return;
    expect(exported(mergeCases[underLink] ?? [])).toMatchObject({ '/lib': 'directory 755 ' });
  });
});
