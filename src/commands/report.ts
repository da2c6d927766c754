import { exitCodes } from '../core/exit-codes.ts';
import { parseGate } from '../findings/gate.ts';
import { readChosenScan } from '../operations/saved-scan.ts';
import type { Command } from './command.ts';
import { applyGate } from './gate.ts';
import { outputOptions, parseOutputs, writeOutputs } from './outputs.ts';

/** `cinzel report FILE.json…`: a saved scan in any format. */
export const report: Command = {
  arguments: ['<file...>'],
  settings: ['severity', 'only-fixed', 'fail-on'],
  options: outputOptions,
  run: async (invocation) => {
    const { configuration, options, toolbox } = invocation;
    const outputs = parseOutputs(options, 'table');
    const condition = configuration.get('fail-on');
    const gate = condition === undefined ? undefined : parseGate(condition);
    const results = [];
    for (const file of invocation.arguments) results.push(await readChosenScan(file, toolbox));
    await writeOutputs(results, outputs, invocation);
    return gate === undefined ? exitCodes.done : applyGate(results, gate, invocation);
  },
};
