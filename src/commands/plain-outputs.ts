import { CinzelError } from '../core/errors.ts';
import type { Invocation } from './command.ts';
import { writeFile } from './outputs.ts';
import type { Terminal } from './terminal.ts';

const formats = ['table', 'json'] as const;

/** Where a result goes that is no scan: as a table for people, or as JSON. */
interface PlainOutput {
  readonly format: (typeof formats)[number];
  /** Absent means stdout. */
  readonly file?: string;
}

/** The option of commands that make an image, whose `-o` says where it goes. */
export const plainReportOption = {
  flags: '--report <FORMAT[=FILE]>',
  description: 'plain report',
  repeatable: true,
  values: formats,
} as const;

/** Options of commands whose result is no scan. */
export const plainOutputOptions = [
  { flags: '-o, --output <FORMAT[=FILE]>', description: 'plain output', repeatable: true, values: formats },
  { flags: '--report <FORMAT[=FILE]>', description: 'report', repeatable: true, values: formats },
] as const;

/** Reads `-o` and `--report`. Throws `usage.value` for another format, `usage.outputs` when two would share stdout. */
export function parsePlainOutputs(options: Invocation['options']): readonly PlainOutput[] {
  const given = [options['output'], options['report']].flatMap((value) =>
    Array.isArray(value) ? (value as readonly string[]) : [],
  );
  const outputs = given.map(parseOutput);
  if (outputs.filter(({ file }) => file === undefined).length > 1) throw new CinzelError('usage.outputs', {});
  return outputs.length === 0 ? [{ format: 'table' }] : outputs;
}

function parseOutput(text: string): PlainOutput {
  const [, format = text, file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (format !== 'table' && format !== 'json') {
    throw new CinzelError('usage.value', { name: '--report', value: format, allowed: formats.join(', ') });
  }
  return file === '' || file === '-' ? { format } : { format, file };
}

/** The same for what a command makes, whose digest goes to stdout when no report goes there. */
export async function writeMade(
  outputs: readonly PlainOutput[],
  json: { readonly digest: string; readonly [fact: string]: unknown },
  terminal: Terminal,
): Promise<void> {
  const table = (): string => `${json.digest}\n`;
  const isSaid = outputs.some(({ file }) => file === undefined);
  await writePlainOutputs(isSaid ? outputs : [...outputs, { format: 'table' }], { table, json }, terminal);
}

/** Writes a result to every output. A file is whole or absent. */
export async function writePlainOutputs(
  outputs: readonly PlainOutput[],
  result: { readonly table: () => string; readonly json: object },
  terminal: Terminal,
): Promise<void> {
  for (const { format, file } of outputs) {
    const text = format === 'json' ? `${JSON.stringify(result.json, undefined, 2)}\n` : result.table();
    if (file === undefined) await terminal.write(text);
    else await writeFile(file, [text]);
  }
}
