import { expect, it } from 'vitest';
import { CinzelError } from '../core/errors.ts';
import { subjects as english } from './en/subjects.ts';
import { loadCatalogue } from './load.ts';
import { subjects as portuguese } from './pt-BR/subjects.ts';
import { renderError } from './render.ts';

/** Those whose words come with them. */
const carried = ['part'];

it.each(Object.keys(english).filter((kind) => !carried.includes(kind)))(
  'a subject has words of each language: %s',
  (kind) => {
    const [here, there] = [english, portuguese].map((messages) => {
      const message = messages[kind as keyof typeof messages] as (parameters: unknown) => string;
      return message(anything);
    });
    expect(there).not.toBe(here);
    for (const text of [here, there]) expect(text).not.toMatch(/undefined|\.$|^\s|\s$/);
  },
);

it('a subject may be part of another, in the same language', async () => {
  const configuration = { kind: 'configuration', of: 'app:1' } as const;
  const error = new CinzelError('untrusted.truncated', {
    what: { kind: 'part', of: configuration, part: 'layers[2]' },
  });
  expect(renderError(error, await loadCatalogue('en')).message).toBe(
    'app:1: the configuration: layers[2] ends too early.',
  );
  expect(renderError(error, await loadCatalogue('pt-BR')).message).toBe(
    'Termina antes da hora: app:1: configuração: layers[2].',
  );
});

/** Parameters of any name. */
const anything: unknown = new Proxy({}, { get: (_, name) => String(name) });
