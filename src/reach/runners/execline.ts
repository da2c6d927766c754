import type { Invocation } from '../model.ts';
import { findProgram } from '../programs.ts';
import { splitWords } from '../split-words.ts';
import { absolutePath } from '../world.ts';
import type { Runner } from './runner.ts';

const longest = 64 * 1024;

/**
 * `execlineb [options] file` and `execlineb -c line`: each program of a chain is given the rest of it (skarnet.org,
 * "execline"), so that every word that names a program may be one that runs.
 */
export const execlineRunner: Runner = {
  id: 'execline',
  programs: /^execlineb$/,
  run: async (invocation, _program, world) => {
    const words = invocation.argv.slice(1);
    const at = words.indexOf('-c');
    const name = words.find((word) => !word.startsWith('-'));
    const file = name === undefined ? undefined : absolutePath(name, invocation.folder);
    const text = at >= 0 ? words[at + 1] : file === undefined ? undefined : await world.tree.readText(file);
    if (text === undefined || text.length > longest) return {};
    const tokens = splitWords(text.replace(/(?:^|(?<=\s))#[^\n]*/g, '')).filter((word) => word !== '{' && word !== '}');
    const runs = tokens.flatMap((word, index): readonly Invocation[] => {
      if (findProgram(word, invocation.folder, invocation.environment, world.tree) === undefined) return [];
      return [{ ...invocation, argv: tokens.slice(index), kind: 'command', certain: false }];
    });
    return { runs };
  },
};
