import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

const program = join(import.meta.dirname, '../../dist/cli.js');

/** What a run of the command left behind. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Most memory that the process held at once, in MB. */
  readonly peak: number;
}

/**
 * A folder in which the built command runs, with a home of its own, off the network unless told otherwise, and seeing nothing of the host's
 * settings. Each run has a new cache: what was once verified would not be read again.
 */
export interface Workplace {
  readonly at: (name: string) => string;
  readonly run: (...words: readonly string[]) => Promise<Run>;
  readonly close: () => void;
}

/** Writes what the process's memory grew to where the variable says, so that hostile input can be shown to stay cheap. */
const meter = `data:text/javascript,${encodeURIComponent(
  `import { writeFileSync } from 'node:fs';
   process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS)));`,
)}`;

export function createWorkplace(options: { readonly offline: boolean } = { offline: true }): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'cinzel-bad-input-'));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('home'));
  let runs = 0;
  return {
    at,
    run: (...words) =>
      new Promise((resolve) => {
        const number = runs++;
        const peakFile = at(`peak-${number}`);
        const cache = at(`cache-${number}`);
        const env = {
          PATH: process.env['PATH'],
          HOME: at('home'),
          CINZEL_CACHE_DIR: cache,
          CINZEL_DB_DIR: at('db'),
          CINZEL_OFFLINE: String(options.offline),
          NODE_OPTIONS: `--import=${meter}`,
          PEAK_FILE: peakFile,
          LANG: 'C',
        };
        const place = { cwd: at('home'), env, maxBuffer: 256 * 1024 ** 2 };
        execFile(process.execPath, [program, ...words], place, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          const peak = existsSync(peakFile) ? Number(readFileSync(peakFile, 'utf8')) / 1024 : 0;
          rmSync(cache, { recursive: true, force: true });
          resolve({ code, stdout, stderr, peak });
        });
      }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Expects the exit code, one sentence that holds the words, at most one hint, nothing on stdout, and no stack trace. */
export function expectRefusal(run: Run, code: 2 | 3 | 4, ...words: readonly (string | RegExp)[]): void {
  const [sentence = '', ...hints] = run.stderr.trimEnd().split('\n');
  expect({ code: run.code, stdout: run.stdout, sentence }).toEqual({
    code,
    stdout: '',
    sentence: expect.stringMatching(/^cinzel: .+[.?]$/) as string,
  });
  for (const word of words) expect(sentence).toMatch(word);
  expect(hints.length).toBeLessThanOrEqual(1);
  for (const hint of hints) expect(hint).toMatch(/^ {2}\S.*\.$/);
}

/** The diagnostics, packages and more of an answer that was given as JSON. */
export interface Answer {
  readonly image: { readonly layers: readonly { readonly verified: string }[]; readonly os?: { readonly id: string } };
  readonly packages: readonly { readonly name: string; readonly version: string; readonly type: string }[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly path?: string;
    readonly layer?: number;
  }[];
}

/** Expects an answer, and gives it. */
export function expectAnswer(run: Run): Answer {
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(run.stdout) as Answer;
}
