import type { Origin } from '../configuration/configuration.ts';
import { type SettingKey, settings } from '../configuration/settings.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { formatColumns } from './columns.ts';
import type { Command } from './command.ts';
import { parsePlainOutputs, plainOutputOptions, writePlainOutputs } from './plain-outputs.ts';

/** `cinzel config`: every setting's value with where it came from. */
export const config: Command = {
  arguments: [],
  settings: [],
  options: plainOutputOptions,
  run: async ({ configuration, options, catalogue, terminal }) => {
    const outputs = parsePlainOutputs(options);
    const { header, unset } = catalogue.commands.configuration;
    const values = (Object.keys(settings) as SettingKey[]).map((key) => {
      const given = configuration.get(key);
      const value = key === 'registry.password' && given !== undefined ? '***' : given;
      return { key, ...(value === undefined ? {} : { value }), origin: configuration.origin(key) };
    });
    const table = (): string =>
      formatColumns(
        header,
        values.map(({ key, value, origin }) => [key, describe(value) ?? unset, nameOrigin(origin, catalogue)]),
      );
    await writePlainOutputs(outputs, { table, json: { settings: values } }, terminal);
    return exitCodes.done;
  },
};

function describe(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, item]) => `${key}=${item}`)
      .join(',');
  return String(value);
}

function nameOrigin(origin: Origin, catalogue: Catalogue): string {
  const texts = catalogue.commands.configuration;
  switch (origin.kind) {
    case 'flag':
      return texts.flag(origin.name);
    case 'environment':
      return texts.environment(origin.name);
    case 'file':
      return texts.file(origin.path, origin.line);
    case 'default':
      return texts.default;
  }
}
