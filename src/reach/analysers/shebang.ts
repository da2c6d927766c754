import { baseName } from '../../core/path.ts';
import { isShell } from '../programs.ts';
import { interpreterOf } from '../shebang.ts';
import type { Analyser } from '../world.ts';

/** Executable scripts that are reached otherwise than by being run: their interpreter runs them. */
export const shebang: Analyser = {
  id: 'shebang',
  version: 1,
  takes: ({ entry, reason }) =>
    (entry.mode & 0o111) !== 0 && !['entrypoint', 'command', 'application'].includes(reason.kind),
  analyse: async (file, world) => {
    const words = interpreterOf(await file.bytes());
    const [program] = words ?? [];
    if (words === undefined || program === undefined) return undefined;
    // A helper script beside the application's code is not what needs a shell: only running it would be.
    if (isShell(program) || (baseName(program) === 'env' && isShell(words[1] ?? ''))) return {};
    const { environment } = world;
    const argv = [...words, file.path];
    return { runs: [{ argv, environment, folder: '/', kind: 'shebang', from: file.path, certain: false }] };
  },
};
