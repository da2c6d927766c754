import { randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CinzelError } from '../core/errors.ts';
import { writing } from '../core/write-fault.ts';
import { type FormatId, formatIds, reportFormats } from '../report/formats/index.ts';
import type { ScanResult } from '../report/model.ts';
import type { Invocation } from './command.ts';

/** One place that a result goes to, in one form. */
export interface Output {
  readonly format: FormatId;
  /** Absent means stdout. */
  readonly file?: string;
}

/** Options that commands with reports share. */
export const outputOptions = [
  { flags: '-o, --output <FORMAT[=FILE]>', description: 'output', repeatable: true, values: formatIds },
  { flags: '--report <FORMAT[=FILE]>', description: 'report', repeatable: true, values: formatIds },
] as const;

/** Reads `-o` and `--report`. Throws `usage.value` for a format that does not exist, `usage.outputs` when two would share stdout. */
export function parseOutputs(options: Invocation['options'], fallback: FormatId): readonly Output[] {
  const given = [options['output'], options['report']].flatMap((value) =>
    Array.isArray(value) ? (value as readonly string[]) : [],
  );
  const outputs = given.map(parseOutput);
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new CinzelError('usage.outputs', {});
  }
  return outputs.length === 0 ? [{ format: fallback }] : outputs;
}

function parseOutput(text: string): Output {
  const equals = text.indexOf('=');
  const format = equals < 0 ? text : text.slice(0, equals);
  if (!isFormat(format))
    throw new CinzelError('usage.value', { name: '--output', value: format, allowed: formatIds.join(', ') });
  const file = equals < 0 ? '' : text.slice(equals + 1);
  return file === '' || file === '-' ? { format } : { format, file };
}

function isFormat(text: string): text is FormatId {
  return (formatIds as readonly string[]).includes(text);
}

/**
 * Renders results to every output. A file is whole or absent, and of a format that has no room for several results there
 * is one for each, numbered.
 */
export async function writeOutputs(
  results: readonly ScanResult[],
  outputs: readonly Output[],
  invocation: Invocation,
): Promise<void> {
  const { catalogue, terminal } = invocation;
  await checkRoom(outputs, results.length);
  for (const { format: id, file } of outputs) {
    const format = await reportFormats[id]();
    const width = file === undefined ? terminal.width : 100;
    const color = file === undefined && terminal.color;
    const pieces = function* (some: readonly ScanResult[]): Generator<string> {
      for (const result of some) yield* format.render(result, { catalogue, width, color });
    };
    if (file === undefined) {
      for (const piece of gathered(pieces(results))) await terminal.write(piece);
      continue;
    }
    const isNumbered = results.length > 1 && format.joins !== 'text' && (await isReplaceable(file));
    const parts = isNumbered ? results.map((result) => [result]) : [results];
    for (const [index, part] of parts.entries()) {
      const name = isNumbered ? numbered(file, index + 1) : file;
      await writeFile(name, pieces(part));
      terminal.say(catalogue.commands.written(name));
    }
  }
}

/** Throws `usage.one-result` when so many results were to go to stdout in a format that has no room for them. */
export async function checkRoom(outputs: readonly Output[], count: number): Promise<void> {
  const id = outputs.find(({ file }) => file === undefined)?.format;
  if (id === undefined || count < 2) return;
  const { joins } = await reportFormats[id]();
  if (joins === undefined) throw new CinzelError('usage.one-result', { format: id });
}

/** `out/scan.cdx.json` becomes `out/scan.2.cdx.json`. */
function numbered(file: string, number: number): string {
  const name = basename(file);
  const dot = name.indexOf('.', 1);
  const [stem, extension] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  return join(dirname(file), `${stem}.${number}${extension}`);
}

async function isReplaceable(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined || found.isFile();
}

/**
 * Writes beside the file and renames, so that nobody sees half a report. A link to the file stays one; a device or a
 * pipe is written to and never replaced.
 */
export async function writeFile(path: string, pieces: Iterable<string>): Promise<void> {
  await writing(path, async () => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return replaceFile(path, pieces);
    if (found.isFile() || found.isDirectory()) return replaceFile(await realpath(path), pieces);
    return writePieces(await open(path, 'w'), pieces);
  });
}

async function replaceFile(path: string, pieces: Iterable<string>): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writePieces(await open(aside, 'wx'), pieces);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function writePieces(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  try {
    for (const piece of gathered(pieces)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

/** Enough characters that a write costs little beside them, few enough that memory does not grow with a report. */
const leastWritten = 64 * 1024;

function* gathered(pieces: Iterable<string>): Iterable<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < leastWritten) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
