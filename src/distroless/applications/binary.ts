import type { ElfFile } from '../../formats/elf/model.ts';
import { isElf, readElf } from '../../formats/elf/read-elf.ts';
import type { ApplicationKind, LaidApplication, Project } from './application.ts';
import { applicationFault, bytesOf, placeOf, requireProject } from './project-files.ts';

/** A compiled program; its libraries and the versions of their symbols are checked in the image. */
export const binaryApplication: ApplicationKind = { base, lay };

/** What the ready recipes have, the smallest first; the last for all else. */
const bases: readonly (readonly [name: string, has: RegExp])[] = [
  ['base-nossl', /^(ld-linux.*|ld64|lib(c|m|dl|pthread|rt|resolv|util|anl|nsl|BrokenLocale|thread_db))\.so\.\d+$/],
  ['base', /^lib(ssl|crypto)\.so\.3$/],
];

async function base(project: Project): Promise<string> {
  const { dynamic, interpreter } = await readProgram(project);
  let rest = dynamic?.needed ?? [];
  if (rest.length === 0 && interpreter === undefined) return 'static:nonroot';
  for (const [name, has] of bases) {
    rest = rest.filter((library) => !has.test(library));
    if (rest.length === 0) return `${name}:nonroot`;
  }
  return 'cc:nonroot';
}

async function readProgram(project: Project): Promise<ElfFile> {
  await requireProject(project);
  const path = placeOf(project);
  const bytes = await bytesOf(project);
  if (bytes === undefined || !isElf(bytes)) throw applicationFault({ kind: 'other', path, expected: 'ELF' });
  return readElf(bytes, path);
}

async function lay(project: Project): Promise<LaidApplication> {
  await readProgram(project);
  const name = placeOf(project).slice(placeOf(project).lastIndexOf('/') + 1);
  const to = `${project.to ?? '/app'}/${name}`;
  return {
    document: { files: [{ copy: project.path, to, mode: '0755' }], entrypoint: [to] },
    checks: [{ kind: 'program', path: to }],
  };
}
