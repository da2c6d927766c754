import { isCinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { openAdvisoryStore } from '../operations/open-store.ts';
import { formatColumns } from './columns.ts';
import type { Command } from './command.ts';

/** `cinzel db status`: what the store holds and how old it is. */
export const dbStatus: Command = {
  arguments: [],
  settings: ['db.dir'],
  options: [],
  run: async ({ toolbox, catalogue, terminal }) => {
    const texts = catalogue.commands.database;
    const store = await openAdvisoryStore(toolbox, true).catch((error: unknown) => {
      if (isCinzelError(error, 'environment.no-store')) return undefined;
      throw error;
    });
    const parts = store?.parts() ?? [];
    await store?.close();
    if (parts.length === 0) await terminal.write(`${texts.empty}\n`);
    else {
      const rows = parts.map(({ id, part, records, updatedAt }) => [id, part, String(records), updatedAt]);
      await terminal.write(formatColumns(texts.header, rows));
    }
    return exitCodes.done;
  },
};
