import { parseBytes } from '../configuration/bytes.ts';
import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { formatBytes } from './columns.ts';
import type { Command } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';

const day = 24 * 3_600_000;

/** `cinzel cache prune`: removes what is over the size limit, what is old, or everything. */
export const cachePrune: Command = {
  arguments: [],
  settings: ['cache.dir', 'cache.size'],
  options: [
    { flags: '--all', description: 'all' },
    { flags: '--older-than <DAYS>', description: 'older-than' },
    ...plainOutputOptions,
  ],
  run: async ({ toolbox, configuration, context, options, catalogue, terminal }) => {
    const outputs = parsePlainOutputs(options);
    const cache = await toolbox.cache();
    const days = parseDays(options['olderThan']);
    const removed = await cache.prune({
      maxBytes: options['all'] === true ? 0 : parseBytes(configuration.get('cache.size'), 'cache.size'),
      ...(days === undefined ? {} : { usedBefore: new Date(context.now().getTime() - days * day) }),
    });
    const text = catalogue.commands.cache.removed(removed.entries, formatBytes(removed.bytes));
    await writePlainOutputs(outputs, { table: () => `${text}\n`, json: removed }, terminal);
    return exitCodes.done;
  },
};

function parseDays(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const days = Number(value);
  if (Number.isFinite(days) && days >= 0) return days;
  throw new CinzelError('usage.value', { name: '--older-than', value: String(value), allowed: '0, 1, 30 …' });
}
