import type { ImagePath } from '../../core/path.ts';
import type { Edge, Invocation, Needs } from '../model.ts';
import { programNames } from '../programs.ts';
import { interpreterOf } from '../shebang.ts';
import { absolutePath, type World } from '../world.ts';
import type { Runner } from './runner.ts';
import { envRunner, wrappers } from './wrappers.ts';

/** Every runner; the first that knows a program's name takes it. */
const runners: readonly Runner[] = [envRunner, ...wrappers];

/** Interpreters of languages that are not followed: what their scripts need cannot be told. */
const notFollowed =
  /^(?:ruby|perl|php|php-fpm|php-cgi|java|lua|luajit|tclsh|wish|R|Rscript|erl|beam\.smp|elixir|mono|dotnet|bun|deno|julia|gawk|guile|node|nodejs|python|pypy3?)[\d.]*$/;

/**
 * What a program does with its arguments.
 *
 * 1. A script is run by the interpreter that its first line names.
 * 2. A runner that knows the program reads its arguments.
 * 3. Whatever the program, an argument that is the path of a file is needed.
 */
export async function runProgram(invocation: Invocation, program: ImagePath, world: World): Promise<Needs> {
  const bytes = await world.tree.read(program);
  const interpreter = interpreterOf(bytes ?? new Uint8Array());
  const [, ...words] = invocation.argv;
  if (interpreter !== undefined) {
    const real = world.tree.find(program)?.path ?? program;
    return { runs: [{ ...invocation, argv: [...interpreter, program, ...words], kind: 'shebang', from: real }] };
  }
  const names = programNames(program, world.tree);
  const runner = runners.find(({ programs }) => names.some((name) => programs.test(name)));
  const needs = (await runner?.run(invocation, program, world)) ?? {};
  const unknown = runner === undefined && names.some((name) => notFollowed.test(name));
  return {
    ...needs,
    edges: [...(needs.edges ?? []), ...argumentEdges(words, invocation.folder, world)],
    undecided: [...(needs.undecided ?? []), ...(unknown ? [{ problem: 'language', detail: program } as const] : [])],
  };
}

function argumentEdges(words: readonly string[], folder: ImagePath, { tree }: World): readonly Edge[] {
  return words.flatMap((word): readonly Edge[] => {
    const value = /^--?[\w-]+=(.*)$/.exec(word)?.[1] ?? word;
    const path = value === '' || value.length > 4096 ? undefined : absolutePath(value, folder);
    const entry = path === undefined ? undefined : tree.findFile(path);
    return entry === undefined || path === undefined ? [] : [{ to: path, kind: 'argument', certain: false }];
  });
}
