import { CinzelError, isCinzelError } from '../core/errors.ts';
import { type ExitCode, exitCodes } from '../core/exit-codes.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { detectLanguage, loadCatalogue } from '../i18n/load.ts';
import { renderError } from '../i18n/render.ts';
import { escapeTerminal } from '../report/escape.ts';
import { ClosedPipe } from './closed-pipe.ts';
import { runProgram } from './program.ts';
import { systemFault } from './system-fault.ts';

/** Runs the command line and sets the process's exit code. */
export async function main(process: NodeJS.Process): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    // A second one means it: work that cannot be stopped must not hold the user.
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort(new CinzelError('interrupted.signal', {}));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.on('error', () => {});
  // What nobody reads is no fault of the run: an unheard error would end it with 1, which a gate's answer is.
  process.stderr.on('error', () => {});
  const catalogue = await loadCatalogue(languageOf(process));
  try {
    process.exitCode = await runProgram(process, { catalogue, signal: interrupt.signal });
  } catch (error) {
    process.exitCode = explain(interrupt.signal.aborted ? interrupt.signal.reason : error, catalogue, process);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** The language is needed before the arguments are parsed, to say what is wrong with them. */
function languageOf(process: NodeJS.Process): ReturnType<typeof detectLanguage> {
  const { argv, env } = process;
  const at = argv.findIndex((argument) => argument === '--lang' || argument.startsWith('--lang='));
  const flag = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  try {
    return detectLanguage(flag, env);
  } catch {
    return 'en';
  }
}

function explain(thrown: unknown, catalogue: Catalogue, { stderr, env }: NodeJS.Process): ExitCode {
  if (thrown instanceof ClosedPipe) return exitCodes.done;
  const error = systemFault(thrown) ?? thrown;
  if (!isCinzelError(error)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`${catalogue.commands.bug}\n${escapeTerminal(stack)}\n`);
    return exitCodes.bug;
  }
  const { message, hint } = renderError(error, catalogue);
  stderr.write(`cinzel: ${escapeTerminal(message)}\n`);
  if (hint !== undefined) stderr.write(`  ${escapeTerminal(hint)}\n`);
  if (env['CINZEL_DEBUG'] && error.cause !== undefined)
    stderr.write(`${escapeTerminal(String((error.cause as Error).stack ?? error.cause))}\n`);
  return error.exitCode;
}
