import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../src/versions/testing/oracle.ts';
import { cli, makeFolder, plainEnvironment, runProgram } from './run.ts';

const folder = makeFolder();
afterAll(folder.remove);

const scripts = { bash: '', zsh: '', fish: '' };
beforeAll(async () => {
  writeFileSync(join(folder.path, 'image.tar'), '');
  mkdirSync(join(folder.path, 'functions'));
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const { code, stdout } = await run(process.execPath, [cli, 'completion', shell]);
    expect(code).toBe(0);
    scripts[shell] = shell === 'zsh' ? join(folder.path, 'functions/_cinzel') : join(folder.path, `cinzel.${shell}`);
    writeFileSync(scripts[shell], stdout);
  }
});

function run(command: string, args: readonly string[]) {
  return runProgram(command, args, { cwd: folder.path, env: plainEnvironment(folder.path, { TERM: 'dumb' }) });
}

/** What stands before the cursor, and some of what must be offered; a dash in front: must not. */
const cases = [
  ['cinzel sc', ['scan', '-sbom']],
  ['cinzel ', ['scan', 'sbom', 'report', 'copy', 'db', 'cache', 'config', 'completion', '-update']],
  ['cinzel db ', ['update', 'status', '-prune', '-scan']],
  ['cinzel cache pr', ['prune', '-df']],
  ['cinzel completion ', ['bash', 'zsh', 'fish']],
  ['cinzel scan --fai', ['--fail-on']],
  ['cinzel scan image.tar --no', ['--no-verify']],
  ['cinzel db update --o', ['--only', '--offline']],
  ['cinzel scan -o ', ['table', 'sarif', 'html', '-image.tar']],
  ['cinzel scan image.tar --report cy', ['cyclonedx', '-spdx']],
  ['cinzel scan --severity ', ['critical', 'negligible']],
  ['cinzel scan --from oci', ['oci', 'oci-archive', '-dir']],
  ['cinzel copy --compression ', ['gzip', '-none']],
  ['cinzel scan --lang ', ['en', 'pt-BR']],
] as const;

function check(offered: readonly string[], expected: readonly string[]): void {
  const wanted = expected.filter((word) => !/^-[a-z]/.test(word));
  const refused = expected.filter((word) => /^-[a-z]/.test(word)).map((word) => word.slice(1));
  expect(offered).toEqual(expect.arrayContaining(wanted));
  expect(offered.filter((word) => refused.includes(word))).toEqual([]);
}

describe.skipIf(isMissing('bash', '--version'))('in bash', () => {
  /** Calls the function that bash would call, with the words as bash breaks them. */
  async function complete(words: readonly string[]): Promise<readonly string[]> {
    const list = words.map((word) => `'${word}'`).join(' ');
    const program = `source ${scripts.bash}; compopt() { :; }
      COMP_WORDS=(${list}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _cinzel; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run('bash', ['--norc', '-c', program]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean);
  }

  it.each(cases)('%s<TAB>', async (line, expected) => check(await complete(line.split(' ')), expected));

  it('completes behind an equals sign and behind a comma', async () => {
    expect(await complete(['cinzel', 'scan', '--lang', '=', 'p'])).toEqual(['pt-BR']);
    expect(await complete(['cinzel', 'scan', '--severity', 'high,cri'])).toEqual(['high,critical']);
    expect(await complete(['cinzel', 'scan', '-o', 'json', '=', 'x'])).toEqual([]);
  });

  it('is registered for the command', async () => {
    const { stdout } = await run('bash', ['--norc', '-c', `source ${scripts.bash}; complete -p cinzel`]);
    expect(stdout).toBe('complete -F _cinzel cinzel\n');
  });
});

describe.skipIf(isMissing('zsh', '--version'))('in zsh', () => {
  /** Calls the function with what zsh's completion would give it, and takes what it offers for the current word. */
  async function complete(line: string): Promise<readonly string[]> {
    const words = line.split(' ');
    const list = words.map((word) => `'${word}'`).join(' ');
    const program = `compdef() { :; }; compset() { :; }; _files() { print -r -- FILES; }
      compadd() { shift; print -rl -- "$@"; }
      source ${scripts.zsh}; words=(${list}); CURRENT=$#words; _cinzel`;
    const { stdout, stderr } = await run('zsh', ['-f', '-c', program]);
    expect(stderr).toBe('');
    const current = words.at(-1)?.split(/[=,]/).at(-1) ?? '';
    return stdout.split('\n').filter((word) => word === 'FILES' || (word !== '' && word.startsWith(current)));
  }

  it.each(cases)('%s<TAB>', async (line, expected) => check(await complete(line), expected));

  it('completes behind an equals sign and behind a comma', async () => {
    expect(await complete('cinzel scan --lang=p')).toContain('pt-BR');
    expect(await complete('cinzel scan --severity high,cri')).toContain('critical');
    expect(await complete('cinzel scan -o json=im')).toEqual(['FILES']);
  });
});

describe.skipIf(isMissing('fish', '--version'))('in fish', () => {
  async function complete(line: string): Promise<readonly string[]> {
    const program = `source ${scripts.fish}; complete -C '${line}'`;
    const { stdout, stderr } = await run('fish', ['--no-config', '-c', program]);
    expect(stderr).toBe('');
    return stdout.split('\n').flatMap((text) => text.split('\t')[0] || []);
  }

  it.each(cases)('%s<TAB>', async (line, expected) => check(await complete(line), expected));
});
