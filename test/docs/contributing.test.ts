import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createContext } from '../../src/core/context.ts';
import type { Cataloger } from '../../src/inventory/cataloger.ts';
import { takeInventory } from '../../src/inventory/take-inventory.ts';
import { memoryFilesystem } from '../../src/inventory/testing/memory-filesystem.ts';
import { makeFolder, root } from '../cli/run.ts';

const folder = makeFolder();
afterAll(folder.remove);

it('the cataloger that CONTRIBUTING.md shows works', async () => {
  const [, code = ''] = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  const file = join(folder.path, 'composer.ts');
  const imports = {
    "'../../": `'${root}/src/`,
    "'../": `'${root}/src/inventory/`,
    "'./": `'${root}/src/inventory/catalogers/`,
  };
  writeFileSync(
    file,
    Object.entries(imports).reduce((text, [from, to]) => text.replaceAll(from, to), code),
  );
  const { composer } = (await import(/* @vite-ignore */ file)) as { readonly composer: Cataloger };
  const list = (version: string) => ({
    '/srv/vendor/composer/installed.json': JSON.stringify({ packages: [{ name: 'monolog/monolog', version }, {}, 7] }),
  });
  const inventory = await takeInventory(memoryFilesystem(list('3.0.0'), list('3.1.0')), [composer], createContext());
  expect(inventory.packages).toMatchObject([{ purl: 'pkg:composer/monolog/monolog@3.1.0', layer: 1 }]);
  expect(inventory.history).toMatchObject([{ version: '3.0.0', fate: { kind: 'upgraded', layer: 1 } }]);
  const broken = memoryFilesystem({ '/vendor/composer/installed.json': '{' });
  const { diagnostics } = await takeInventory(broken, [composer], createContext());
  expect(diagnostics).toMatchObject([{ code: 'package.malformed' }]);
});
