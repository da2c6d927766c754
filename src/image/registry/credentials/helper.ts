import { spawn } from 'node:child_process';
import { CinzelError } from '../../../core/errors.ts';
import { asObject, asString, parseJson } from '../../../core/json.ts';
import { type Problem, said } from '../../../core/problems.ts';
import type { Credential } from './credential.ts';

const outputLimit = 1024 ** 2;
const patience = 30_000;

/**
 * Asks a credential helper, a program named `docker-credential-NAME` (docker-credential-helpers, "Development"): it
 * reads the server from stdin and writes JSON. Undefined when it knows none. Throws `environment.missing-tool` or
 * `environment.read`.
 */
export async function askHelper(
  name: string,
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<Credential | undefined> {
  const tool = `docker-credential-${name}`;
  if (!/^[\w.-]+$/.test(name)) throw new CinzelError('environment.read', { path: tool, problem: 'invalid-name' });
  const { status, output } = await run(tool, server, environment);
  if (status !== 0) {
    if (/not found/i.test(output)) return undefined;
    throw new CinzelError('environment.read', { path: tool, problem: complaint(output, status) });
  }
  const answer = asObject(parseJson(output, tool));
  const username = asString(answer?.['Username']);
  const secret = asString(answer?.['Secret']);
  if (username === undefined || secret === undefined || secret === '') return undefined;
  // The helpers' convention for a token that has no user.
  if (username === '<token>') return { kind: 'identity-token', token: secret };
  return { kind: 'basic', username, password: secret };
}

function complaint(output: string, status: number | null): Problem {
  const [line = ''] = output.split('\n');
  return line === '' ? { kind: 'exit-code', status: status ?? -1 } : said(line);
}

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function run(tool: string, server: string, environment: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Not spawn's own timeout: Node leaves its timer running when the program does not exist, and waits for it at the end.
    const signal = AbortSignal.timeout(patience);
    const child = spawn(tool, ['get'], { env: environment, stdio: ['pipe', 'pipe', 'ignore'], signal });
    const parts: Buffer[] = [];
    let length = 0;
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const missing = cause.code === 'ENOENT';
      const problem = signal.aborted ? 'no-answer' : said(cause.message);
      reject(
        missing
          ? new CinzelError('environment.missing-tool', { tool }, { cause })
          : new CinzelError('environment.read', { path: tool, problem }, { cause }),
      );
    });
    child.stdout.on('data', (part: Buffer) => {
      length += part.length;
      if (length > outputLimit) child.kill('SIGKILL');
      else parts.push(part);
    });
    // A helper may end without reading what it is asked.
    child.stdin.on('error', () => {});
    child.stdin.end(`${server}\n`);
    child.on('close', (status) => resolve({ status, output: Buffer.concat(parts).toString('utf8').trim() }));
  });
}
