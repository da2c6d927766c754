import { CinzelError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { Catalogue } from '../i18n/catalogue.ts';
import { why as explain, type WhyAnswer, type Why as WhyResult } from '../operations/why.ts';
import { escapeTerminal } from '../report/escape.ts';
import type { Command, Invocation } from './command.ts';
import { outputOptions, writeFile } from './outputs.ts';
import { sourceSettings } from './source-settings.ts';

/** More lines than this tell a person no more. */
const mostNeeders = 10;

const formats = ['table', 'json'] as const;

/** `cinzel why IMAGE PATH|PACKAGE|CVE`: the way from the entrypoint to it, or that nothing reaches it. */
export const why: Command = {
  arguments: ['<image>', '<target>'],
  settings: [...sourceSettings, 'keep', 'db.dir', 'db.age', 'feeds', 'mirror', 'use-image-sources'],
  options: [
    ...outputOptions.map((option) => ({ ...option, values: formats })),
    { flags: '--feed <ID=URL>', description: 'feed', repeatable: true },
  ],
  run: async (invocation) => {
    const [image = '', target = ''] = invocation.arguments;
    const outputs = outputsOf(invocation.options);
    const result = await explain(image, target, invocation.toolbox);
    for (const { format, file } of outputs) {
      const text =
        format === 'json' ? `${JSON.stringify(result, undefined, 2)}\n` : asTable(result, invocation.catalogue);
      if (file === undefined) await invocation.terminal.write(text);
      else await writeFile(file, [text]);
    }
    return exitCodes.done;
  },
};

interface WhyOutput {
  readonly format: (typeof formats)[number];
  readonly file?: string;
}

function outputsOf(options: Invocation['options']): readonly WhyOutput[] {
  const given = [options['output'], options['report']].flatMap((value) =>
    Array.isArray(value) ? (value as readonly string[]) : [],
  );
  const outputs = given.map((text): WhyOutput => {
    const [, format = text, file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (format !== 'table' && format !== 'json') {
      throw new CinzelError('usage.value', { name: '--output', value: format, allowed: formats.join(', ') });
    }
    return file === '' || file === '-' ? { format } : { format, file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new CinzelError('usage.outputs', {});
  }
  return outputs.length === 0 ? [{ format: 'table' }] : outputs;
}

function asTable({ answers }: WhyResult, catalogue: Catalogue): string {
  return answers.map((answer) => describe(answer, catalogue)).join('\n');
}

function describe({ subject, answer, reason, chain, neededBy, ties }: WhyAnswer, catalogue: Catalogue): string {
  const texts = catalogue.commands.why;
  const lines = [texts[answer](subject)];
  if (chain === undefined) return `${escapeTerminal(`${lines[0]}`)}\n  ${escapeTerminal(reason)}\n`;
  const width = Math.max(...chain.map(({ kind }) => texts.kinds[kind].length));
  for (const { path, kind, detail } of chain) {
    const note = detail === undefined || detail === path ? '' : `  (${detail})`;
    lines.push(`  ${texts.kinds[kind].padEnd(width)}  ${path}${note}`);
  }
  const needers = neededBy ?? [];
  if (needers.length > 1) {
    lines.push(texts.neededBy(needers.length));
    for (const { path, kind } of needers.slice(0, mostNeeders))
      lines.push(`  ${texts.kinds[kind]}  ${path ?? ''}`.trimEnd());
    if (needers.length > mostNeeders) lines.push(`  …`);
  }
  if (ties !== undefined && ties.length > 0) lines.push(texts.ties, ...ties.map((path) => `  ${path}`));
  return `${lines.map((line) => escapeTerminal(line)).join('\n')}\n`;
}
