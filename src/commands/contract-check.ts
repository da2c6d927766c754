import { exitCodes } from '../core/exit-codes.ts';
import { checkAnswers } from '../operations/contract.ts';
import type { Command } from './command.ts';
import {
  answersFile,
  contractOutputs,
  parseContractOutputs,
  runtimeChoice,
  runtimeOptions,
} from './contract-options.ts';
import { checkTable } from './difference-table.ts';
import { writeFile } from './outputs.ts';
import { sourceSettings } from './source-settings.ts';

/** `cinzel contract check IMAGE`: plays recorded probes on an image and prints where it answers differently. */
export const contractCheck: Command = {
  arguments: ['<image>'],
  settings: sourceSettings,
  options: [
    ...contractOutputs,
    { flags: '--contract <FILE>', description: 'check contract' },
    { flags: '--answers <FILE>', description: 'answers' },
    { flags: '--trace <FILE>', description: 'trace file' },
    ...runtimeOptions,
  ],
  run: async ({ arguments: [image = ''], options, toolbox, terminal, catalogue }) => {
    const outputs = parseContractOutputs(options);
    const { answers = answersFile, contract, trace } = options;
    const request = {
      ...runtimeChoice(options),
      answers: String(answers),
      ...(typeof contract === 'string' ? { contract } : {}),
      trace: typeof trace === 'string',
    };
    const { result, trace: traced } = await checkAnswers(image, request, toolbox);
    if (traced !== undefined) await writeFile(String(trace), [`${JSON.stringify(traced, undefined, 2)}\n`]);
    for (const { format, file } of outputs) {
      const text = format === 'json' ? `${JSON.stringify(result, undefined, 2)}\n` : checkTable(result, catalogue);
      if (file === undefined) await terminal.write(text);
      else await writeFile(file, [text]);
    }
    return result.equal ? exitCodes.done : exitCodes.gateFailed;
  },
};
