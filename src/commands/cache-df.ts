import { exitCodes } from '../core/exit-codes.ts';
import { formatBytes, formatColumns } from './columns.ts';
import type { Command } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';

/** `cinzel cache df`: what the cache holds. */
export const cacheDf: Command = {
  arguments: [],
  settings: ['cache.dir', 'cache.size'],
  options: plainOutputOptions,
  run: async ({ toolbox, options, catalogue, terminal }) => {
    const outputs = parsePlainOutputs(options);
    const cache = await toolbox.cache();
    const usage = await cache.usage();
    const rows = usage.map(({ kind, entries, bytes }) => [kind, String(entries), formatBytes(bytes)]);
    const columns = (): string => (rows.length === 0 ? '' : formatColumns(catalogue.commands.cache.header, rows));
    const json = { folder: cache.directory, kinds: usage };
    await writePlainOutputs(outputs, { table: () => `${cache.directory}\n${columns()}`, json }, terminal);
    return exitCodes.done;
  },
};
