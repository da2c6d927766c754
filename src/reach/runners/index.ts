import type { ImagePath } from '../../core/path.ts';
import { wordsOf } from '../mentions.ts';
import type { Edge, Invocation, Needs } from '../model.ts';
import { programNames } from '../programs.ts';
import { interpreterOf } from '../shebang.ts';
import { absolutePath, type World } from '../world.ts';
import { apacheRunner } from './apache.ts';
import { bundleRunner } from './bundle.ts';
import { dotnetRunner } from './dotnet.ts';
import { execlineRunner } from './execline.ts';
import { javaRunner } from './java.ts';
import { nginxRunner } from './nginx.ts';
import { nodeRunner } from './node.ts';
import { npmRunner } from './npm.ts';
import { perlRunner } from './perl.ts';
import { fpmRunner, phpRunner } from './php.ts';
import { pythonRunner } from './python.ts';
import { rubyRunner } from './ruby.ts';
import type { Runner } from './runner.ts';
import { overlayRunner, scanRunner, superviseRunner } from './service-folders.ts';
import { busyboxRunner, shellRunner } from './shell.ts';
import { supervisordRunner } from './supervisord.ts';
import { tomcatRunner } from './tomcat.ts';
import { unfollowedNeeds } from './unfollowed.ts';
import { envRunner, findRunner, suRunner, wrappers } from './wrappers.ts';

/** Every runner; the first that knows a program's name takes it. */
const runners: readonly Runner[] = [
  npmRunner,
  nodeRunner,
  pythonRunner,
  rubyRunner,
  bundleRunner,
  phpRunner,
  fpmRunner,
  perlRunner,
  javaRunner,
  dotnetRunner,
  tomcatRunner,
  shellRunner,
  busyboxRunner,
  envRunner,
  findRunner,
  suRunner,
  nginxRunner,
  apacheRunner,
  supervisordRunner,
  scanRunner,
  superviseRunner,
  overlayRunner,
  execlineRunner,
  ...wrappers,
];

/**
 * What a program does with its arguments.
 *
 * 1. A runner that knows the program reads its arguments.
 * 2. A script is run by the interpreter that its first line names.
 * 3. Whatever the program, an argument that is the path of a file is needed.
 */
export async function runProgram(invocation: Invocation, program: ImagePath, world: World): Promise<Needs> {
  const [, ...words] = invocation.argv;
  const real = world.tree.find(program)?.path ?? program;
  const names = programNames(program, world.tree);
  const runner = runners.find(({ programs }) => names.some((name) => programs.test(name)));
  const interpreter = interpreterOf((await world.tree.read(program)) ?? new Uint8Array());
  const needs = (await runner?.run(invocation, program, world)) ?? {};
  const known = runner !== undefined;
  const unfollowed = known ? undefined : unfollowedNeeds(invocation, program, { names, tree: world.tree });
  const script = interpreter && [
    { ...invocation, argv: [...interpreter, program, ...words], kind: 'shebang' as const, from: real },
  ];
  return {
    ...needs,
    mentions: [...words, ...invocation.environment.values()].flatMap(wordsOf),
    runs: [...(needs.runs ?? []), ...(unfollowed?.runs ?? []), ...(script ?? [])],
    edges: [...(needs.edges ?? []), ...(unfollowed?.edges ?? []), ...argumentEdges(words, invocation.folder, world)],
    undecided: [...(needs.undecided ?? []), ...(unfollowed?.undecided ?? [])],
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
