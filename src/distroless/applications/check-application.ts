import type { ApplicationFault } from '../../core/application-fault.ts';
import type { Report } from '../../core/diagnostics.ts';
import { CinzelError, isCinzelError } from '../../core/errors.ts';
import { isElf } from '../../formats/elf/read-elf.ts';
import type { Architecture } from '../architectures.ts';
import type { ImageTree } from '../image-tree.ts';
import { processors } from '../native/loader-cache/processors.ts';
import type { ApplicationCheck, Language } from './application.ts';
import { libraryFaults } from './library-faults.ts';
import { moduleFaults } from './php-modules.ts';
import { releaseWithLanguage, releaseWithSymbols, suits } from './releases-with.ts';

export interface ApplicationSurroundings {
  readonly tree: ImageTree;
  readonly architecture: Architecture;
  readonly report: Report;
}

/**
 * Checks, before an image is written, that its application will find what it was made for. Throws `usage.application`
 * for the first thing that is wrong; libraries that interpreters load, of which projects bring more than they use, are
 * reported.
 */
export function checkApplication(checks: readonly ApplicationCheck[], surroundings: ApplicationSurroundings): void {
  for (const check of checks) {
    const [fault] = faultsOf(check, surroundings);
    if (fault === undefined) continue;
    if (check.kind !== 'extensions') throw new CinzelError('usage.application', { fault });
    surroundings.report({ code: 'build.extension', severity: 'warning', parameters: { fault } });
  }
}

function faultsOf(
  check: ApplicationCheck,
  { tree, architecture }: ApplicationSurroundings,
): readonly ApplicationFault[] {
  const processor = processors[architecture.debian];
  switch (check.kind) {
    case 'program': {
      if (tree.read(check.path) === undefined) return [{ kind: 'other', path: check.path, expected: 'ELF' }];
      return processor === undefined
        ? []
        : libraryFaults(tree.resolve(check.path) ?? '', tree, processor).map(withRelease);
    }
    case 'extensions':
      return extensions(check.folder, tree).flatMap((path) => {
        const faults = processor === undefined ? [] : readable(() => libraryFaults(path, tree, processor));
        // Packages bring what they have for every processor and every C library; that of another is never opened.
        return faults.some(({ kind, ...fault }) => kind === 'machine' || isOtherLibc(fault))
          ? []
          : faults.map(withRelease);
      });
    case 'runtime': {
      const available = versionIn(tree, check.language);
      if (available !== undefined && suits(check.language, check.version, available)) return [];
      return [runtimeFault(check.path, check.language, check.version, available)];
    }
    case 'php-modules':
      return moduleFaults(check.path, check.names, tree);
  }
}

function isOtherLibc(fault: object): boolean {
  return 'name' in fault && /^(libc\.musl-|ld-musl)/.test(String(fault.name));
}

function readable(read: () => readonly ApplicationFault[]): readonly ApplicationFault[] {
  try {
    return read();
  } catch (error) {
    if (isCinzelError(error)) return [];
    throw error;
  }
}

function withRelease(fault: ApplicationFault): ApplicationFault {
  if (fault.kind !== 'version') return fault;
  const release = releaseWithSymbols(fault.version);
  return release === undefined ? fault : { ...fault, release };
}

const extensionName = /\.(so(\.[\d.]+)?|node)$/;

function extensions(folder: string, tree: ImageTree): readonly string[] {
  return tree.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    const type = tree.get(path)?.header.type;
    if (type === 'directory' || type === undefined) return extensions(path, tree);
    const content = type === 'file' && extensionName.test(name) ? tree.read(path) : undefined;
    return content !== undefined && isElf(content) ? [path] : [];
  });
}

const names: Readonly<Record<Language, string>> = { python: 'Python', java: 'Java', ruby: 'Ruby', php: 'PHP' };

function runtimeFault(path: string, language: Language, version: string, available?: string): ApplicationFault {
  const release = releaseWithLanguage(language, version);
  return {
    kind: 'runtime',
    path,
    needed: `${names[language]} ${version}`,
    ...(available === undefined ? {} : { available: `${names[language]} ${available}` }),
    ...(release === undefined ? {} : { release }),
  };
}

/** Where each language's program, or the folder of its version, is. */
const places: Readonly<Record<Language, { readonly folder: string; readonly name: RegExp }>> = {
  python: { folder: '/usr/bin', name: /^python(3\.\d+)$/ },
  java: { folder: '/usr/lib/jvm', name: /^java-(\d+)-openjdk/ },
  ruby: { folder: '/usr/bin', name: /^ruby(\d+\.\d+)$/ },
  php: { folder: '/usr/bin', name: /^php(\d+\.\d+)$/ },
};

function versionIn(tree: ImageTree, language: Language): string | undefined {
  const { folder, name } = places[language];
  return tree
    .list(folder)
    .map((one) => name.exec(one)?.[1])
    .find((version) => version !== undefined);
}
