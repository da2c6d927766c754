import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { parseGate } from '../findings/gate.ts';
import { scanAll } from '../operations/scan-all.ts';
import type { ScanResult } from '../report/model.ts';
import type { Command, Invocation } from './command.ts';
import { applyGate } from './gate.ts';
import { checkRoom, outputOptions, parseOutputs, writeOutputs } from './outputs.ts';
import { sourceSettings } from './source-settings.ts';
import { checkStrict } from './strict.ts';

/** `cinzel scan IMAGE…`: what is in images, and which known vulnerabilities they have. */
export const scan: Command = {
  arguments: ['<image...>'],
  settings: [
    ...sourceSettings,
    'db.dir',
    'db.age',
    'feeds',
    'mirror',
    'use-image-sources',
    'severity',
    'only-fixed',
    'fail-on',
    'baseline',
    'base',
    'only-base',
    'ignore-base',
    'ignore-file',
    'reach',
    'keep',
    'strict',
  ],
  options: [...outputOptions, { flags: '--feed <ID=URL>', description: 'feed', repeatable: true }],
  run: async (invocation) => {
    const { configuration, toolbox, options } = invocation;
    if (configuration.get('only-base') && configuration.get('ignore-base')) {
      throw new CinzelError('usage.together', { one: '--only-base', other: '--ignore-base' });
    }
    const outputs = parseOutputs(options, 'table');
    await checkRoom(outputs, invocation.arguments.length);
    const condition = configuration.get('fail-on');
    const gate = condition === undefined ? undefined : parseGate(condition);
    const results = await scanAll(invocation.arguments, toolbox);
    await writeOutputs(results, outputs, invocation);
    if (configuration.get('reach')) sayUnreached(results, invocation);
    checkStrict(results, invocation);
    return gate === undefined ? exitCodes.done : applyGate(results, gate, invocation);
  },
};

function sayUnreached(results: readonly ScanResult[], { terminal, catalogue }: Invocation): void {
  const findings = results.flatMap((result) => result.findings ?? []);
  const unreached = findings.filter(({ reachable }) => reachable.answer === 'no').length;
  terminal.say(catalogue.commands.why.unreached(unreached, findings.length));
}
