import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { cli: 'src/cli.ts', index: 'src/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  clean: true,
  dts: false,
  sourcemap: false,
  fixedExtension: false,
  // LMDB carries a prebuilt binary of its own, and OpenPGP's modules depend on the order in which they load; the rest is bundled, so that a command
  // loads a few chunks and not hundreds of modules.
  deps: { neverBundle: ['lmdb', 'openpgp'], alwaysBundle: [/^(?!lmdb|openpgp)/] },
});
