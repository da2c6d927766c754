import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../src/commands/flags.ts';
import { commandIds, commands } from '../../src/commands/index.ts';
import { english } from '../../src/i18n/en/index.ts';
import { root } from '../cli/run.ts';

const names = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(names)('%s', (name) => {
  const page = readFileSync(join(root, name), 'utf8');

  it('has no link to a file that is not there', () => {
    const targets = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = targets.filter((target) => !/^(?:[a-z]+:|#)/.test(target));
    const broken = local.filter((target) => !existsSync(join(root, dirname(name), target.split('#')[0] ?? '')));
    expect(broken).toEqual([]);
  });

  it('has no link to a heading that is not there', () => {
    const targets = [...page.matchAll(/\]\(([^)\s:]*)#([^)\s]+)\)/g)];
    const broken = targets.filter(([, file, heading = '']) => {
      const target = file === '' || file === undefined ? name : join(dirname(name), file);
      return !headingsOf(readFileSync(join(root, target), 'utf8')).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('shows only commands and options that there are', async () => {
    const wrong = await Promise.all(
      examplesIn(page).map(async (words) => ((await isPossible(words)) ? [] : [words.join(' ')])),
    );
    expect(wrong.flat()).toEqual([]);
  });
});

/** The anchors of a page's headings, as GitHub and GitLab make them. */
function headingsOf(page: string): readonly string[] {
  const headings = page.match(/^#+ .*$/gm) ?? [];
  return headings.map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The words behind `cinzel` of every command line in code blocks and in code between backquotes. */
function examplesIn(page: string): readonly (readonly string[])[] {
  const blocks = [...page.matchAll(/^```\w*\n(.*?)^```/gms), ...page.matchAll(/((?:^ {4}.*\n)+)/gm)];
  const lines = blocks.flatMap(([, block = '']) => block.split('\n'));
  const inline = [...page.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...lines, ...inline].flatMap((line) => {
    const [, command] = /^\s*(?:- |\$ )?(?:[A-Z_]+=\S* )*(?:cinzel|node dist\/cli\.js) ([^|;#>)]+)/.exec(line) ?? [];
    return command === undefined ? [] : [command.trim().split(/\s+/)];
  });
}

async function isPossible(words: readonly string[]): Promise<boolean> {
  const id = commandIds.find((known) => known === words[0] || known === words.slice(0, 2).join(' '));
  const options = words.filter((word) => word.startsWith('-')).map((word) => word.split('=')[0] ?? '');
  // `cinzel: …` and `cinzel build: …` are what a command says.
  if (id === undefined) return /^$|^(?:help$|-|…)|:$/.test(words[0] ?? '') || isGroup(words);
  const flags = flagsOf(await commands[id](), english).flatMap(
    ({ flags: text }) => text.match(/(?<![\w<])--?[a-z][\w-]*/g) ?? [],
  );
  return options.every((option) => [...flags, '--help'].includes(option));
}

function isGroup([first, ...rest]: readonly string[]): boolean {
  return rest.length === 0 && commandIds.some((id) => id.startsWith(`${first} `));
}
