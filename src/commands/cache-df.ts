import { exitCodes } from '../core/exit-codes.ts';
import { formatBytes, formatColumns } from './columns.ts';
import type { Command } from './command.ts';

/** `cinzel cache df`: what the cache holds. */
export const cacheDf: Command = {
  arguments: [],
  settings: ['cache.dir', 'cache.size'],
  options: [],
  run: async ({ toolbox, catalogue, terminal }) => {
    const cache = await toolbox.cache();
    const usage = await cache.usage();
    const rows = usage.map(({ kind, entries, bytes }) => [kind, String(entries), formatBytes(bytes)]);
    await terminal.write(`${cache.directory}\n`);
    if (rows.length > 0) await terminal.write(formatColumns(catalogue.commands.cache.header, rows));
    return exitCodes.done;
  },
};
