import type { ImagePath } from '../core/path.ts';
import type { EntryType } from '../filesystem/model.ts';

/** Why one file needs another. */
export const edgeKinds = [
  'entrypoint',
  'healthcheck',
  'keep',
  'application',
  'argument',
  'command',
  'config',
  'data',
  'dlopen',
  'folder',
  'import',
  'interpreter',
  'module',
  'needed',
  'package',
  'path',
  'plugins',
  'preload',
  'shebang',
  'source',
  'symlink',
  /** Some run was seen to use it. */
  'trace',
] as const;
export type EdgeKind = (typeof edgeKinds)[number];

/** What a file is written in, where its name alone does not say that it is code. */
/**
 * `…-package` marks the file that stands for a package of which every module may be loaded, `…-parts` one of which only a
 * computed name loads what it names, and `…-part` what that may be.
 */
export type Language =
  | 'node'
  | 'node-package'
  | 'python-package'
  | 'python'
  | 'shell'
  | 'nginx'
  | 'apache'
  | 'perl'
  | 'ruby'
  | 'ruby-package'
  | 'ruby-parts'
  | 'ruby-part'
  | 'ruby-data'
  | 'php'
  | 'php-ini'
  | 'java'
  | 'dotnet';

/** A file that is needed, and why. */
export interface Edge {
  /** As it is written; links on the way are followed inside the image and needed too. */
  readonly to: ImagePath;
  readonly kind: EdgeKind;
  /** The specifier, soname, rule or word that says so. */
  readonly detail?: string;
  /** False where it may be that nothing ever asks for it; then its absence is no fault. */
  readonly certain?: false;
  /** How its content is to be understood. */
  readonly language?: Language;
  /** All that is in the folder is needed too. */
  readonly whole?: true;
  /** Which file needs it, when that is not the one that was analysed. */
  readonly from?: ImagePath;
}

/** Something that a file needs and that cannot be told by reading. */
export interface Undecided {
  readonly path: ImagePath;
  readonly problem: UndecidedProblem;
  /** The expression, as far as it is known. */
  readonly detail: string;
  /** It can only lead to files of this language's packages; absent when it can lead anywhere. */
  readonly language?: Language;
}

/** The same as an analyser says it: of the file that it analyses, unless it names another. */
export type UndecidedNeed = Omit<Undecided, 'path'> & { readonly from?: ImagePath };

/** A computed module name, a computed command, a library or language that is not followed, a file that cannot be read. */
export type UndecidedProblem = 'module' | 'command' | 'language' | 'unreadable';

/** A program that is run. */
export interface Invocation {
  readonly argv: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** Working directory. */
  readonly folder: ImagePath;
  readonly kind: EdgeKind;
  /** The file that runs it; absent for what the image configuration says. */
  readonly from?: ImagePath;
  /** False where it may be that it never runs. */
  readonly certain?: false;
}

/** What one file or invocation needs. */
export interface Needs {
  readonly edges?: readonly Edge[];
  readonly runs?: readonly Invocation[];
  readonly undecided?: readonly UndecidedNeed[];
  /** Programs that it names and that policy does not keep. */
  readonly notKept?: readonly string[];
  /** Words in its texts, any of which may be the name of a module that it loads. */
  readonly mentions?: readonly string[];
}

export interface Reason {
  readonly kind: EdgeKind;
  /** Absent for a seed. */
  readonly from?: ImagePath;
  readonly detail?: string;
  readonly certain: boolean;
  /** Symbolic links on the way. */
  readonly via?: readonly ImagePath[];
}

/** A file, folder or link that the entrypoint needs. */
export interface ReachNode {
  readonly path: ImagePath;
  readonly type: EntryType;
  readonly size: number;
  /** The first is the shortest way from the entrypoint. */
  readonly reasons: readonly [Reason, ...Reason[]];
  /** Whether it was understood as code. */
  readonly code: boolean;
  /** Nothing that the entrypoint runs needs it: it only serves some part of the application, which is kept whole. */
  readonly onlyApplication?: true;
}

/** What was asked for and is not in the image. */
export interface Missing {
  readonly path: string;
  readonly kind: EdgeKind;
  readonly from?: ImagePath;
}

/** The graph of what the entrypoint needs. */
export interface ReachGraph {
  /** In the order of their discovery: by distance from the entrypoint. */
  readonly nodes: ReadonlyMap<ImagePath, ReachNode>;
  readonly missing: readonly Missing[];
  readonly undecided: readonly Undecided[];
  /** Words that followed Python code, arguments, the environment or the application's files contain. */
  readonly mentioned: ReadonlySet<string>;
  readonly notKept: readonly { readonly path: ImagePath; readonly program: string }[];
}
