import { describe, expect, it } from 'vitest';
import { isCinzelError } from '../core/errors.ts';
import { detectLanguage, languages, loadCatalogue } from './load.ts';

describe('detectLanguage', () => {
  it.each([
    ['nothing is said', undefined, {}, 'en'],
    ['the flag says so', 'pt-BR', { LANG: 'en_US.UTF-8' }, 'pt-BR'],
    ['the flag is in another case', 'PT-br', {}, 'pt-BR'],
    ['the flag says English', 'en', { LANG: 'pt_BR.UTF-8' }, 'en'],
    ['our own variable says so', undefined, { CINZEL_LANG: 'pt', LC_ALL: 'en_GB' }, 'pt-BR'],
    ['LC_ALL stands over LANG', undefined, { LC_ALL: 'C.UTF-8', LANG: 'pt_BR.UTF-8' }, 'en'],
    ['LC_MESSAGES stands over LANG', undefined, { LC_MESSAGES: 'pt_BR', LANG: 'en_US' }, 'pt-BR'],
    ['an empty variable says nothing', undefined, { LC_ALL: '', CINZEL_LANG: '', LANG: 'pt_BR.UTF-8' }, 'pt-BR'],
    ['the locale has a modifier', undefined, { LANG: 'pt_BR@latin' }, 'pt-BR'],
    ['the locale is one that we do not speak', undefined, { LANG: 'de_DE.UTF-8' }, 'en'],
    ['a word only begins alike', undefined, { LANG: 'ptolemaic' }, 'en'],
  ] as const)('when %s', (_, flag, environment, expected) => {
    expect(detectLanguage(flag, environment)).toBe(expected);
  });

  it.each([
    ['--lang', 'klingon', {}],
    ['CINZEL_LANG', undefined, { CINZEL_LANG: 'klingon' }],
  ] as const)('refuses a language that does not exist in %s', (name, flag, environment) => {
    const failure = catchError(() => detectLanguage(flag, environment));
    expect(isCinzelError(failure, 'usage.value') && failure.parameters).toEqual({
      name,
      value: 'klingon',
      allowed: 'en, pt-BR',
    });
  });
});

describe('loadCatalogue', () => {
  it.each(languages)('loads %s', async (language) => {
    expect((await loadCatalogue(language)).language).toBe(language);
  });

  it('has a sentence for every fault and diagnostic in every language, each in its own words', async () => {
    const [english, portuguese] = await Promise.all([loadCatalogue('en'), loadCatalogue('pt-BR')]);
    for (const part of ['errors', 'diagnostics', 'report'] as const) {
      expect(keysOf(portuguese[part]), part).toEqual(keysOf(english[part]));
    }
    const parameters = { digest: 'D', bytes: 1, problem: 'P', feed: 'F', updatedAt: 'T' };
    expect(portuguese.diagnostics['feed.stale'](parameters)).toBe('Os dados de F são de T.');
    expect(english.diagnostics['feed.stale'](parameters)).toBe('The data of F dates from T.');
  });
});

function keysOf(value: object, prefix = ''): readonly string[] {
  return Object.entries(value)
    .flatMap(([key, item]) =>
      typeof item === 'object' && item !== null ? keysOf(item as object, `${prefix}${key}.`) : [prefix + key],
    )
    .toSorted();
}

function catchError(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
