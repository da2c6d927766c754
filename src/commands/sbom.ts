import { exitCodes } from '../core/exit-codes.ts';
import { takeSboms } from '../operations/scan-all.ts';
import type { Command } from './command.ts';
import { checkRoom, outputOptions, parseOutputs, writeOutputs } from './outputs.ts';
import { sourceSettings } from './source-settings.ts';
import { checkStrict } from './strict.ts';

/** `cinzel sbom IMAGE…`: the inventory of images, without vulnerabilities. */
export const sbom: Command = {
  arguments: ['<image...>'],
  settings: [...sourceSettings, 'base', 'strict'],
  options: outputOptions,
  run: async (invocation) => {
    const outputs = parseOutputs(invocation.options, 'cyclonedx');
    await checkRoom(outputs, invocation.arguments.length);
    const results = await takeSboms(invocation.arguments, invocation.toolbox);
    await writeOutputs(results, outputs, invocation);
    checkStrict(results, invocation);
    return exitCodes.done;
  },
};
