import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareNumbers } from '../src/distroless/applications/compare-numbers.ts';
import { releaseFacts } from '../src/distroless/applications/releases-with.ts';
import { type ImageTree, imageTree } from '../src/distroless/image-tree.ts';
import type { Lock } from '../src/distroless/lock/model.ts';
import { readyNames } from '../src/distroless/recipes/index.ts';
import { releases } from '../src/distroless/releases.ts';
import { readElf } from '../src/formats/elf/read-elf.ts';
import { imageContents } from '../src/operations/image-contents.ts';
import { loadRecipe } from '../src/operations/load-recipe.ts';
import { lockRecipe } from '../src/operations/lock-recipe.ts';
import { testToolbox } from '../src/operations/testing/test-toolbox.ts';
import { archiveAnswers } from './debian-mirror.ts';

/* What every ready recipe puts into an image, from the real archive: lists of files only, nothing is written or run. */

const folder = mkdtempSync(join(tmpdir(), 'cinzel-contents-'));
const possible = (await archiveAnswers('trixie')) && (await archiveAnswers('bookworm'));
const toolbox = testToolbox({ 'cache.dir': join(folder, 'cache') });
const use = { frozen: false, update: false, allowExpired: false, allowEol: false, report: () => {} };

afterAll(async () => {
  await toolbox.close();
  rmSync(folder, { recursive: true, force: true });
});

it.runIf(process.env['CI'] === 'true')('has an archive', () => {
  expect(possible).toBe(true);
});

async function contentsOf(name: string) {
  const recipe = await loadRecipe(name, {});
  const [architecture] = recipe.architectures;
  if (architecture === undefined) throw new Error(name);
  const { lock } = await lockRecipe(recipe, use, toolbox);
  const { groups } = await imageContents(recipe, lock, architecture, toolbox);
  return { recipe, lock, groups, files: groups.flatMap(({ files }) => files) };
}

const programs =
  /(?:^|\/)s?bin\/(?:(?:ba|da|a|z|k|c|tc|fi)?sh|busybox|apt(?:-\w+)?|dpkg(?:-\w+)?|apk|rpm|dnf|yum|pip3?|npm|yarn|gem|composer|cpan)$/;
const tools = { ruby: /\/bin\/gem\d*(\.\d)?$/, perl: /\/bin\/cpan$/ } as const;

describe.skipIf(!possible).each(releases)('what $id gives', ({ id }) => {
  it.each(readyNames)(
    '%s: no shell, no package manager, no setuid file',
    async (name) => {
      const { files, recipe } = await contentsOf(`${name}-${id}`);
      const own = Object.entries(tools).find(([key]) => key === name)?.[1];
      const paths = files.filter(({ header }) => header.type !== 'directory').map(({ header }) => header.name);
      expect(paths.filter((path) => programs.test(path) && own?.test(path) !== true)).toEqual([]);
      const special = files.filter(({ header }) => header.type === 'file' && (header.mode & 0o6000) !== 0);
      expect(special.map(({ header }) => header.name)).toEqual([]);
      // As the images that they equal; a server of its own needs no root.
      expect(recipe.runtime.user).toBe(name === 'nginx' ? '65532' : '0');
      expect((await loadRecipe(`${name}-${id}:nonroot`, {})).runtime.user).toBe('65532');
    },
    240_000,
  );

  it('has the versions that errors about applications tell', async () => {
    const { languages, symbols } = releaseFacts[id];
    const { groups } = await contentsOf(`cc-${id}`);
    const tree = imageTree(groups);
    const highest = Object.fromEntries(Object.keys(symbols).map((name) => [name, highestVersion(name, tree)]));
    expect(highest).toEqual(symbols);
    const packages = {
      python3: `python${languages.python}-minimal`,
      java: `openjdk-${languages.java}-jre-headless`,
      ruby: `ruby${languages.ruby}`,
      php: `php${languages.php}-cli`,
    };
    for (const [recipe, name] of Object.entries(packages)) {
      const { lock } = await contentsOf(`${recipe}-${id}`);
      expect(packageNames(lock)).toContain(name);
    }
  }, 240_000);
});

function packageNames({ architectures }: Lock): readonly string[] {
  return Object.values(architectures).flatMap(({ packages }) => packages.map(({ name }) => name));
}

const libraries = ['libc.so.6', 'libstdc++.so.6', 'libgcc_s.so.1', 'libgomp.so.1'];

/** The highest version of symbols with this name that a library of the image defines. */
function highestVersion(name: string, tree: ImageTree): string | undefined {
  const places = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu'].flatMap((place) =>
    libraries.map((library) => `${place}/${library}`),
  );
  const numbers = places.flatMap((path) => {
    const bytes = tree.read(path);
    const defined = bytes === undefined ? [] : (readElf(bytes, path).dynamic?.versionsDefined ?? []);
    return defined.flatMap((version) => new RegExp(`^${name}_(\\d[\\d.]*)$`).exec(version)?.[1] ?? []);
  });
  return numbers.sort(compareNumbers).at(-1);
}
