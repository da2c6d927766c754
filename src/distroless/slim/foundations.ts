import type { ImagePath } from '../../core/path.ts';
import type { Needs } from '../../reach/model.ts';
import type { PlanEntry } from '../../reach/plan/model.ts';

/** What many images stand on: a library or a runtime of the distribution, with what it needs in each of them. */
export interface Foundation {
  readonly id: FoundationId;
  /** The real path of the file that it is known by. */
  readonly file: RegExp;
  /** Where reach begins. */
  readonly seeds: (file: ImagePath) => Needs;
}

export const foundationIds = [
  'c',
  'time-zones',
  'openssl',
  'c++',
  'nodejs',
  'python3',
  'ruby',
  'php',
  'java',
  'perl',
] as const;
export type FoundationId = (typeof foundationIds)[number];

/** Libraries and data, the lower first. */
export const libraries: readonly Foundation[] = [
  { id: 'c', file: /\/(?:libc\.so\.6|libc-2\.\d+\.so|ld-musl-[\w-]+\.so\.1)$/, seeds: library },
  { id: 'time-zones', file: /^\/usr\/share\/zoneinfo\/Etc\/UTC$/, seeds: timeZones },
  { id: 'openssl', file: /\/libssl\.so\.[\d.]+$/, seeds: library },
  { id: 'c++', file: /\/libstdc\+\+\.so\.6[\d.]*$/, seeds: library },
];

/** What runs programs in a language, in the order in which an image with several of them is taken to be one's. */
export const runtimes: readonly Foundation[] = [
  { id: 'nodejs', file: /\/bin\/node(?:js)?$/, seeds: program },
  { id: 'python3', file: /\/bin\/python3(?:\.\d+)?$/, seeds: program },
  { id: 'ruby', file: /\/bin\/ruby[\d.]*$/, seeds: program },
  { id: 'php', file: /\/s?bin\/php(?:-fpm)?[\d.]*$/, seeds: program },
  { id: 'java', file: /\/bin\/java$/, seeds: program },
  { id: 'perl', file: /\/bin\/perl[\d.]*$/, seeds: program },
];

/** Whether an image that has this file stands on the foundation. */
export function isFileOf({ file }: Foundation, { path, type }: PlanEntry): boolean {
  return type !== 'symlink' && file.test(path);
}

function library(file: ImagePath): Needs {
  return { edges: [{ to: file, kind: 'entrypoint' }] };
}

function timeZones(file: ImagePath): Needs {
  return {
    edges: [
      { to: file, kind: 'entrypoint' },
      { to: '/usr/share/zoneinfo', kind: 'data', whole: true },
    ],
  };
}

function program(file: ImagePath): Needs {
  return { runs: [{ argv: [file], environment: new Map(), folder: '/', kind: 'entrypoint' }] };
}
