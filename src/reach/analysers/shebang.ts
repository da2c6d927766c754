import { baseName } from '../../core/path.ts';
import type { EdgeKind } from '../model.ts';
import { isShell } from '../programs.ts';
import { interpreterOf } from '../shebang.ts';
import type { Analyser } from '../world.ts';

/** How a file is reached that is loaded by its language's interpreter, or run as a program and followed as such. */
const otherwise: readonly EdgeKind[] = ['entrypoint', 'command', 'application', 'import', 'module'];

/** Executable scripts that are reached otherwise than by being run or loaded: their interpreter runs them. */
export const shebang: Analyser = {
  id: 'shebang',
  version: 2,
  takes: ({ entry, reason }) => (entry.mode & 0o111) !== 0 && !otherwise.includes(reason.kind),
  analyse: async (file, world) => {
    const words = interpreterOf(await file.bytes());
    const [program] = words ?? [];
    if (words === undefined || program === undefined) return undefined;
    // A helper script beside the application's code is not what needs a shell: only running it would be.
    if (isShell(program) || (baseName(program) === 'env' && isShell(words[1] ?? ''))) return {};
    // Nor do the scripts that a dependency brings along need what they are written for (CONTRACT.md).
    if (file.reason.kind === 'package' && !world.isApplication(file.path)) return { notKept: [words.join(' ')] };
    const { environment } = world;
    const argv = [...words, file.path];
    return { runs: [{ argv, environment, folder: '/', kind: 'shebang', from: file.path, certain: false }] };
  },
};
