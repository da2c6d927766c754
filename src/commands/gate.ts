import { type ExitCode, exitCodes } from '../core/exit-codes.ts';
import { evaluateGate, type Gate } from '../findings/gate.ts';
import type { ScanResult } from '../report/model.ts';
import type { Invocation } from './command.ts';

/** Decides the exit code of `--fail-on`, and says why; a gate that passes says what it did not count. */
export function applyGate(
  results: readonly ScanResult[],
  gate: Gate,
  { catalogue, terminal, configuration }: Invocation,
): ExitCode {
  const { failing, unknown } = evaluateGate(
    results.flatMap(({ findings }) => findings ?? []),
    gate,
  );
  const texts = catalogue.commands.gate;
  if (failing > 0) {
    terminal.say(texts.failed(failing, configuration.get('fail-on') ?? ''));
    return exitCodes.gateFailed;
  }
  if (unknown > 0) terminal.say(texts.unknown(unknown));
  return exitCodes.done;
}
