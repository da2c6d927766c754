import { closedPipe } from './closed-pipe.ts';

/** Where results and messages go. Results go to stdout, everything else to stderr. */
export interface Terminal {
  /** Writes a part of a result. Rejects with ClosedPipe when the reader has gone. */
  readonly write: (text: string) => Promise<void>;
  /** Writes a line for the person at the terminal. */
  readonly say: (line: string) => void;
  /** Columns of stdout; 80 when it is no terminal. */
  readonly width: number;
  readonly color: boolean;
  /** Whether stderr is a terminal on which progress may be drawn. */
  readonly interactive: boolean;
  readonly quiet: boolean;
}

export function createTerminal(process: NodeJS.Process, quiet: boolean): Terminal {
  const { stdout, stderr, env } = process;
  const interactive = stderr.isTTY === true && !quiet && isUnset(env['CI']) && env['TERM'] !== 'dumb';
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(closedPipe(error));
        });
      }),
    say: (line) => {
      if (!quiet) stderr.write(`${line}\n`);
    },
    width: stdout.isTTY === true ? Math.max(40, stdout.columns) : Number(env['COLUMNS']) || 80,
    color:
      isUnset(env['NO_COLOR']) && (stdout.isTTY === true || !isUnset(env['FORCE_COLOR'])) && env['TERM'] !== 'dumb',
    interactive,
    quiet,
  };
}

/** NO_COLOR and its like count when they are there and not empty (no-color.org). */
function isUnset(value: string | undefined): boolean {
  return value === undefined || value === '';
}
