import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestEntry } from '../../image/testing/make-layout.ts';

/** A shell and further programs of this machine with what they load, as files of a layer. */
export function machinePrograms(names: readonly string[]): readonly TestEntry[] {
  const paths = new Map([
    ['/usr/bin/sh', '/bin/sh'],
    ...names.map((name) => [`/usr/bin/${name}`, `/usr/bin/${name}`] as const),
  ]);
  const libraries = [...paths.values()].flatMap((path) =>
    [...execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library),
  );
  for (const library of libraries) paths.set(library, library);
  return [...paths].map(([name, path]) => ({ name: name.slice(1), content: readFileSync(path), mode: 0o755 }));
}
