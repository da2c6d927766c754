import { defineConfig } from 'tsdown';
import { undiciSocketEnd } from './scripts/undici-socket-end.ts';

export default defineConfig({
  entry: { cli: 'src/cli.ts', index: 'src/index.ts', 'layer-thread': 'src/filesystem/layer-thread.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  clean: true,
  dts: false,
  sourcemap: false,
  plugins: [undiciSocketEnd()],
  fixedExtension: false,
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  outputOptions: {
    // What is shared between commands is in one chunk: opening a file costs more than parsing what is not needed.
    codeSplitting: {
      groups: [
        { name: 'version', test: /\/src\/version\.ts$/, priority: 1 },
        { name: 'shared', test: isShared, minShareCount: 2 },
      ],
    },
  },
  // LMDB carries a prebuilt binary of its own, and OpenPGP's modules depend on the order in which they load; the rest is bundled, so that a command
  // loads a few chunks and not hundreds of modules.
  deps: { neverBundle: ['lmdb', 'openpgp'], alwaysBundle: [/^(?!lmdb|openpgp)/] },
});

/** Modules of the way from the command line to a cached answer, and none that would bring what only other commands need. */
function isShared(id: string): boolean {
  return (
    /\/src\/(core|i18n|configuration|commands|image|findings|advisories|inventory|report|net)\//.test(id) &&
    !/\/(en|pt-BR|formats\/html|engines|registry|writer|store|ignore|feeds|testing)\//.test(id) &&
    !/\/(scan-(shape|schema)|parse|configuration-schema|transfer[\w-]*)\.ts$/.test(id)
  );
}
