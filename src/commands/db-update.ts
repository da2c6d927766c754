import { CinzelError } from '../core/errors.ts';
import { type ExitCode, exitCodes } from '../core/exit-codes.ts';
import { renderDiagnostic } from '../i18n/render.ts';
import { updateParts } from '../operations/update-parts.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';

/** `cinzel db update --only osv:PyPI,…`: fetches advisories without an image; without `--only`, what the store has already. */
export const dbUpdate: Command = {
  arguments: [],
  settings: ['offline', 'db.dir', 'cache.dir', 'feeds', 'registry.ca', 'registry.insecure', 'timeout', 'strict'],
  options: [
    { flags: '--only <FEED:PART,…>', description: 'only', repeatable: true },
    { flags: '--feed <ID=URL>', description: 'feed', repeatable: true },
    ...plainOutputOptions,
  ],
  run: async ({ toolbox, options, configuration, catalogue, terminal }): Promise<ExitCode> => {
    const outputs = parsePlainOutputs(options);
    const only = Array.isArray(options['only'])
      ? (options['only'] as readonly string[]).flatMap((text) => text.split(','))
      : [];
    const { updated, uncovered, diagnostics } = await updateParts(only, toolbox);
    const texts = catalogue.commands.database;
    for (const diagnostic of diagnostics) terminal.say(escapeTerminal(renderDiagnostic(diagnostic, catalogue)));
    for (const { feed, ecosystem, reason } of uncovered) {
      if (reason === 'not-published') terminal.say(texts.notPublished(feed, ecosystem));
    }
    const isNothing = updated.length + uncovered.length === 0;
    const table = (): string => `${isNothing ? texts.nothing : texts.updated(updated.length)}\n`;
    await writePlainOutputs(outputs, { table, json: { updated, uncovered } }, terminal);
    const count = uncovered.length + diagnostics.filter(({ severity }) => severity !== 'info').length;
    if (configuration.get('strict') && count > 0) throw new CinzelError('untrusted.partial', { count });
    return exitCodes.done;
  },
};
