import { type ApkPackage, parseApkIndex } from '../packages-index.ts';
import type { ApkRepository } from '../repository.ts';
import { type ApkSource, apkSource } from '../solver/universe.ts';

export const mainRepository: ApkRepository = { label: 'test/main', url: 'https://example.com/test/main' };

/** Packages of a test by `name version`, each with the index fields that matter: `{ D: 'so:libz.so.1', k: '10' }`. */
export type DescribedApks = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function apksOf(described: DescribedApks, repository = mainRepository): readonly ApkPackage[] {
  const stanzas = Object.entries(described).map(([key, fields]) => {
    const [name = '', version = '1'] = key.split(' ');
    const all = { P: name, V: version, A: 'x86_64', C: `Q1${'A'.repeat(27)}=`, S: '1', ...fields };
    return Object.entries(all)
      .map(([letter, value]) => `${letter}:${value}\n`)
      .join('');
  });
  return parseApkIndex(Buffer.from(stanzas.join('\n')), repository, 'test');
}

export function apkSourceOf(described: DescribedApks, others: readonly ApkPackage[] = []): ApkSource {
  return apkSource([...apksOf(described), ...others], 'x86_64');
}
