import type { Readable } from 'node:stream';
import { CinzelError } from '../../core/errors.ts';
import type { Container } from '../model.ts';
import type { Started } from '../processes.ts';
import { findTool } from '../tools.ts';
import { BubblewrapContainer } from './bubblewrap-container.ts';

/** Joins the network of a container that runs. */
export function entering(beside: Container | undefined): readonly string[] {
  if (!(beside instanceof BubblewrapContainer)) return [];
  return [findTool('nsenter', process.env), '--target', String(beside.pid), '--net', '--'];
}

/** Watches calls that name files and make processes, or all of them, which slows down what calls much. */
export function straceCommand(environment: NodeJS.ProcessEnv, allCalls: boolean): readonly string[] {
  const calls = allCalls ? 'trace=all' : 'trace=%file,%process,chdir,fchdir';
  return [findTool('strace', environment), '-ff', '-y', '-qq', '-e', calls, '-o', 'trace/process'];
}

/** The id of the sandbox's first process, as bwrap tells it. Throws `environment.sandbox` when there is no sandbox. */
export async function firstProcess({ child, ended, output }: Started): Promise<number> {
  const report = child.stdio[3] as Readable;
  const pid = new Promise<number>((resolve) => {
    let text = '';
    report.on('data', (part: Buffer) => {
      text += part.toString('latin1');
      const [, digits] = /"child-pid": (\d+)/.exec(text) ?? [];
      if (digits !== undefined) resolve(Number(digits));
    });
  });
  const found = await Promise.race([pid, ended.then(() => undefined)]);
  if (found !== undefined) return found;
  const problem = Buffer.from(output().stderr).toString('utf8').trim().split('\n').at(-1) ?? '';
  throw new CinzelError('environment.sandbox', { problem });
}
