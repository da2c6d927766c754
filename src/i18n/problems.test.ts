import { describe, expect, it } from 'vitest';
import { CinzelError } from '../core/errors.ts';
import { said } from '../core/problems.ts';
import { problems as english, ofProblem as inEnglish } from './en/problems.ts';
import { loadCatalogue } from './load.ts';
import { ofProblem as inPortuguese, problems as portuguese } from './pt-BR/problems.ts';
import { renderError } from './render.ts';

describe('a problem', () => {
  /** Those whose words come with them. */
  const carried = ['said', 'at'];

  it.each(Object.keys(english).filter((kind) => !carried.includes(kind)))('has words of each language: %s', (kind) => {
    const [here, there] = [english, portuguese].map((messages) => {
      const message = messages[kind as keyof typeof messages] as (parameters: unknown) => string;
      return message(anything);
    });
    expect(there).not.toBe(here);
    for (const text of [here, there]) expect(text).not.toMatch(/undefined|\.$|^\s|\s$/);
  });

  it('may hold another, in the same language', () => {
    const problem = { kind: 'at-line', line: 3, problem: { kind: 'no-list', key: 'ignore' } } as const;
    expect(inEnglish(problem)).toBe('line 3: "ignore" must be a list');
    expect(inPortuguese(problem)).toBe('linha 3: "ignore" deve ser uma lista');
  });

  it('of others is told as they told it', () => {
    expect(inPortuguese(said('EWHATEVER'))).toBe('EWHATEVER');
  });

  it('stands in the sentence of an error', async () => {
    const error = new CinzelError('usage.reference', { reference: 'sbom:x', problem: 'sbom-without-files' });
    const { message } = renderError(error, await loadCatalogue('pt-BR'));
    expect(message).toBe('"sbom:x" não é uma referência que se possa abrir: um SBOM não tem arquivos.');
  });
});

/** Parameters of any name. */
const anything: unknown = new Proxy({}, { get: (_, name) => (name === 'problem' ? 'no-file' : String(name)) });
