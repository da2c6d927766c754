import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagsOf } from '../../src/commands/flags.ts';
import { commandIds, commands } from '../../src/commands/index.ts';
import { loadCatalogue } from '../../src/i18n/load.ts';
import { cli, type Ended, makeFolder, plainEnvironment, runProgram } from './run.ts';

const folder = makeFolder();
afterAll(folder.remove);

const pages = ['', ...new Set(commandIds.map((id) => id.split(' ')[0] ?? id)), ...commandIds] as const;

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = plainEnvironment(folder.path, environment);
  return runProgram(process.execPath, [cli, ...args], { cwd: folder.path, env });
}

/** Sentences of a help page: what stands behind names, with wrapped lines joined. */
function texts(page: string): readonly string[] {
  const joined = page.replaceAll(/\n {6,}/g, ' ').split('\n');
  return joined
    .map((line) => line.replace(/^ {2}\S+(?: <.*?>|, --\S+ <.*?>|, --\S+)? {2,}/, '').trim())
    .filter(Boolean);
}

describe('the help', () => {
  const help = new Map<string, { readonly en: Ended; readonly pt: Ended }>();
  beforeAll(async () => {
    for (const id of new Set(pages)) {
      const words = [...id.split(' ').filter(Boolean), '--help'];
      const [en, pt] = await Promise.all([run(words), run(words, { LANG: 'pt_BR.UTF-8' })]);
      help.set(id, { en, pt });
    }
  });

  it.each([...new Set(pages)])('of "%s" is on stdout, fits 80 columns, and is in the language', (id) => {
    const page = help.get(id);
    if (page === undefined) throw new Error('no page');
    for (const { code, stdout, stderr } of [page.en, page.pt]) {
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
    const english = new Set(texts(page.en.stdout));
    expect(texts(page.pt.stdout).filter((text) => english.has(text))).toEqual([]);
    expect(texts(page.pt.stdout).length).toBe(english.size);
  });

  it.each(commandIds)('of "%s" names every option with its text', async (id) => {
    const catalogue = await loadCatalogue('pt-BR');
    const page = help.get(id)?.pt.stdout.replaceAll(/\s+/g, ' ') ?? '';
    for (const { flags, description } of flagsOf(await commands[id](), catalogue)) {
      expect(page).toContain(`${flags} ${description}`.replaceAll(/\s+/g, ' '));
    }
  });
});

describe('a command line that asks for help', () => {
  it.each([
    [[], 'Usage: cinzel [options] [command]'],
    [['help'], 'Usage: cinzel [options] [command]'],
    [['help', 'cache', 'prune'], 'Usage: cinzel cache prune [options]'],
    [['db'], 'Usage: cinzel db [options] [command]'],
    [['--lang', 'pt-BR'], 'Uso: cinzel [opções] [comando]'],
    [['--quiet', 'db', '--lang=pt'], 'Uso: cinzel db [opções] [comando]'],
    [['--lang', 'pt-BR', 'config', '--help'], 'Uso: cinzel config [opções]'],
  ])('%j', async (words, first) => {
    const { code, stdout } = await run(words);
    expect([code, stdout.split('\n')[0]]).toEqual([0, first]);
  });
});

describe('a wrong command line is told in the language', () => {
  it.each([
    [
      'scna',
      'There is no command "scna". Did you mean "scan"?',
      'Não existe o comando "scna". Você quis dizer "scan"?',
    ],
    [
      'scan x --ouput',
      'There is no option --ouput here. Did you mean "--output"?',
      'Aqui não existe a opção --ouput. Você quis dizer "--output"?',
    ],
    ['scan', '<image> is missing.', 'Falta <image>.'],
    ['config a b', 'There are too many arguments for "config".', 'Há argumentos demais para "config".'],
    ['db drop', 'There is no command "drop".', 'Não existe o comando "drop".'],
    [
      'scan x --db-age',
      'The option "--db-age <HOURS>" needs a value.',
      'A opção "--db-age <HOURS>" precisa de um valor.',
    ],
  ])('%s', async (line, english, portuguese) => {
    for (const [lang, sentence] of [
      ['en', english],
      ['pt-BR', portuguese],
    ] as const) {
      const { code, stdout, stderr } = await run(line.split(' '), { CINZEL_LANG: lang });
      expect([code, stdout, stderr.split('\n')[0]]).toEqual([2, '', `cinzel: ${sentence}`]);
    }
  });
});
