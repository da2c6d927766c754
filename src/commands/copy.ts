import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { renderDiagnostic } from '../i18n/render.ts';
import { type LayerEncoding, layerEncoders } from '../image/writer/layer-encoder.ts';
import { type CopyOptions, copy as copyImage } from '../operations/copy.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command, Invocation } from './command.ts';
import { parsePlainOutputs, plainReportOption, writeMade } from './plain-outputs.ts';

/** `cinzel copy SRC DST`: moves an image between any source and destination, and prints the digest that it has there. */
export const copy: Command = {
  arguments: ['<source>', '<destination>'],
  settings: [
    'from',
    'platform',
    'offline',
    'registry.insecure',
    'registry.ca',
    'timeout',
    'registry.username',
    'docker.host',
    'limits',
    'strict',
  ],
  options: [
    { flags: '--all-platforms', description: 'all-platforms' },
    { flags: '--referrers', description: 'referrers' },
    { flags: '--compression <gzip>', description: 'compression', values: Object.keys(layerEncoders) },
    plainReportOption,
  ],
  run: async (invocation) => {
    const [source = '', destination = ''] = invocation.arguments;
    const { catalogue, configuration, options, terminal, toolbox } = invocation;
    const outputs = parsePlainOutputs(options);
    const { digest, diagnostics } = await copyImage(source, destination, optionsOf(invocation), toolbox);
    for (const diagnostic of diagnostics) terminal.say(escapeTerminal(renderDiagnostic(diagnostic, catalogue)));
    await writeMade(outputs, { digest }, terminal);
    if (configuration.get('strict') && diagnostics.length > 0) {
      throw new CinzelError('untrusted.partial', { count: diagnostics.length });
    }
    return exitCodes.done;
  },
};

function optionsOf({ options, configuration }: Invocation): CopyOptions {
  const { compression } = options;
  return {
    allPlatforms: options['allPlatforms'] === true || configuration.get('platform') === 'all',
    referrers: options['referrers'] === true,
    ...(compression === undefined ? {} : { compression: encoding(String(compression)) }),
  };
}

function encoding(value: string): LayerEncoding {
  if (Object.hasOwn(layerEncoders, value)) return value as LayerEncoding;
  throw new CinzelError('usage.value', {
    name: '--compression',
    value,
    allowed: Object.keys(layerEncoders).join(', '),
  });
}
