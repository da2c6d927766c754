import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

const program = join(import.meta.dirname, '../../dist/cli.js');

export interface Ended {
  /** Absent when a signal ended it. */
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A folder in which the built command runs, with a home, a cache and a store of its own. */
export interface Desk {
  readonly folder: string;
  readonly at: (...names: readonly string[]) => string;
  readonly start: (...words: readonly string[]) => Started;
  readonly run: (...words: readonly string[]) => Promise<Ended>;
  readonly close: () => void;
}

/** `variables` are added to the environment, which has nothing of the host's settings. */
export function createDesk(variables: Readonly<Record<string, string>> = {}): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-desk-'));
  const at = (...names: readonly string[]): string => join(folder, ...names);
  mkdirSync(at('home'));
  const start = (...words: readonly string[]): Started => {
    const env = {
      PATH: process.env['PATH'],
      HOME: at('home'),
      LANG: 'C',
      CINZEL_CACHE_DIR: at('cache'),
      CINZEL_DB_DIR: at('db'),
      ...variables,
    };
    const child = spawn(process.execPath, [program, ...words], {
      cwd: at('home'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ended: outcome(child) };
  };
  return {
    folder,
    at,
    start,
    run: (...words) => start(...words).ended,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function outcome(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...(code === null ? {} : { code }), ...texts };
}

/** Expects this exit code, nothing on stdout, and on stderr one sentence that fits and at most one line of hint. */
export function expectFault({ code, stdout, stderr }: Ended, expected: number, sentence: RegExp, hint?: RegExp): void {
  const [first = '', ...hints] = stderr.trimEnd().split('\n');
  expect({ code, stdout, first }).toEqual({
    code: expected,
    stdout: '',
    first: expect.stringMatching(sentence) as string,
  });
  expect(first).toMatch(/^cinzel: .+\.$/);
  expect(hints.length).toBeLessThanOrEqual(1);
  for (const line of hints) expect(line).toMatch(/^ {2}\S.*\.$/);
  if (hint !== undefined) expect(hints[0]).toMatch(hint);
}

/** The parts of an answer as JSON that these tests look at. */
export interface Answer {
  readonly image: { readonly layers: readonly { readonly verified: string }[] };
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly findings?: readonly { readonly id: string }[];
  readonly advisories?: { readonly uncovered: readonly object[]; readonly feeds: readonly object[] };
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

export function expectAnswer({ code, stdout, stderr }: Ended, expected = 0): Answer {
  expect({ code, stderr }).toMatchObject({ code: expected });
  return JSON.parse(stdout) as Answer;
}
