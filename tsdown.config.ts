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
  // LMDB carries a prebuilt binary of its own and must stay a package on disk; the rest is bundled, so that a command
  // loads a few chunks and not hundreds of modules.
  deps: { neverBundle: ['lmdb'], alwaysBundle: [/^(?!lmdb)/] },
});
