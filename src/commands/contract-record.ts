import { exitCodes } from '../core/exit-codes.ts';
import { encodeRecording } from '../distroless/contract/recording-file.ts';
import { recordAnswers } from '../operations/contract.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command } from './command.ts';
import { answersFile, contractPath, runtimeChoice, runtimeOptions } from './contract-options.ts';
import { strengthLine } from './difference-table.ts';
import { writeFile } from './outputs.ts';
import { sourceSettings } from './source-settings.ts';

/** `cinzel contract record IMAGE`: runs an image and stores what it answers to a contract's probes. */
export const contractRecord: Command = {
  arguments: ['<image>'],
  settings: sourceSettings,
  options: [
    { flags: '--contract <FILE|default>', description: 'contract' },
    { flags: '--answers <FILE>', description: 'answers' },
    { flags: '--trace <FILE>', description: 'trace file' },
    ...runtimeOptions,
  ],
  run: async ({ arguments: [image = ''], options, toolbox, terminal, catalogue }) => {
    const contract = contractPath(options);
    const trace = options['trace'];
    const request = {
      ...runtimeChoice(options),
      ...(contract === undefined ? {} : { contract }),
      trace: typeof trace === 'string',
    };
    const { recording, strength, dropped, trace: traced } = await recordAnswers(image, request, toolbox);
    const { answers = answersFile } = options;
    await writeFile(String(answers), [encodeRecording(recording)]);
    if (traced !== undefined) await writeFile(String(trace), [`${JSON.stringify(traced, undefined, 2)}\n`]);
    const texts = catalogue.commands.contract;
    for (const { probe, problem } of dropped) terminal.say(escapeTerminal(texts.dropped(probe, problem)));
    terminal.say(escapeTerminal(texts.recorded(recording.image.name, recording.answers.length, String(answers))));
    terminal.say(strengthLine(strength, catalogue));
    return exitCodes.done;
  },
};
