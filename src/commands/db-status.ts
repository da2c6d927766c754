import { isCinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { openAdvisoryStore } from '../operations/open-store.ts';
import { formatColumns } from './columns.ts';
import type { Command } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';

/** `cinzel db status`: what the store holds and how old it is. */
export const dbStatus: Command = {
  arguments: [],
  settings: ['db.dir'],
  options: plainOutputOptions,
  run: async ({ toolbox, options, catalogue, terminal }) => {
    const outputs = parsePlainOutputs(options);
    const texts = catalogue.commands.database;
    const store = await openAdvisoryStore(toolbox, true).catch((error: unknown) => {
      if (isCinzelError(error, 'environment.no-store')) return undefined;
      throw error;
    });
    const parts = store?.parts() ?? [];
    await store?.close();
    const rows = parts.map(({ id, part, records, updatedAt }) => [id, part, String(records), updatedAt]);
    const table = (): string => (rows.length === 0 ? `${texts.empty}\n` : formatColumns(texts.header, rows));
    const json = {
      parts: parts.map(({ id, part, records, updatedAt }) => ({ feed: id, part, records, updatedAt })),
    };
    await writePlainOutputs(outputs, { table, json }, terminal);
    return exitCodes.done;
  },
};
