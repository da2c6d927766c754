import { CinzelError } from '../core/errors.ts';
import { type ImagePath, normalizePath, rootPath } from '../core/path.ts';
import type { Filesystem } from '../filesystem/model.ts';
import type { ImageConfig } from '../image/model.ts';
import { compilePattern } from './glob.ts';
import type { ImageTree } from './image-tree.ts';
import type { Edge, Invocation, Needs } from './model.ts';
import { findProgram } from './programs.ts';

/** An image's environment, by name. */
export function imageEnvironment({ env = [] }: ImageConfig): ReadonlyMap<string, string> {
  return new Map(
    env.flatMap((line): [string, string][] => {
      const equals = line.indexOf('=');
      return equals <= 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]];
    }),
  );
}

/** The image path of the working directory. */
export function workingFolder({ workingDir }: ImageConfig): ImagePath {
  return normalizePath(`/${workingDir ?? ''}`) ?? rootPath;
}

/**
 * Where reach begins: entrypoint and command, healthcheck, the files that environment variables name, accounts, and
 * what the label `cinzel.keep` or the user keeps (globs). Throws `usage.entrypoint` when the image runs nothing, and
 * `environment.not-found` when what it runs is not there.
 */
export function findSeeds(
  config: ImageConfig,
  keep: readonly string[],
  { tree, filesystem }: { readonly tree: ImageTree; readonly filesystem: Filesystem },
): Needs {
  const environment = imageEnvironment(config);
  const folder = workingFolder(config);
  const argv = [...(config.entrypoint ?? []), ...(config.cmd ?? [])];
  const [program] = argv;
  if (program === undefined) throw new CinzelError('usage.entrypoint', {});
  if (findProgram(program, folder, environment, tree) === undefined) {
    throw new CinzelError('environment.not-found', { what: { kind: 'entrypoint', program } });
  }
  const runs: Invocation[] = [{ argv, environment, folder, kind: 'entrypoint' }];
  const check = healthcheck(config);
  if (check !== undefined) runs.push({ argv: check, environment, folder, kind: 'healthcheck', certain: false });
  const accounts = ['/etc/passwd', '/etc/group'].map(
    (to): Edge => ({ to, kind: 'data', detail: 'accounts', certain: false }),
  );
  const named = [...environment].flatMap(([name, value]): readonly Edge[] =>
    value.startsWith('/') && normalizePath(value) !== undefined && tree.findFile(value) !== undefined
      ? [{ to: value, kind: 'data', detail: name, certain: false }]
      : [],
  );
  const globs = [...keep, ...(config.labels?.['cinzel.keep'] ?? '').split(/[\s,]+/)].filter((glob) => glob !== '');
  return {
    runs,
    edges: [{ to: folder, kind: 'entrypoint', certain: false }, ...accounts, ...named, ...kept(globs, filesystem)],
  };
}

function healthcheck({ healthcheck: check, shell }: ImageConfig): readonly string[] | undefined {
  const [kind, ...words] = check?.test ?? [];
  if (kind === 'CMD' && words.length > 0) return words;
  return kind === 'CMD-SHELL' ? [...(shell ?? ['/bin/sh', '-c']), words.join(' ')] : undefined;
}

function kept(globs: readonly string[], filesystem: Filesystem): readonly Edge[] {
  if (globs.length === 0) return [];
  const patterns = globs.map(compilePattern);
  const edges: Edge[] = [];
  for (const { path, type } of filesystem.entries()) {
    if (patterns.some((matches) => matches(path)))
      edges.push({ to: path, kind: 'keep', ...(type === 'directory' ? { whole: true } : {}) });
  }
  return edges;
}
