import { CinzelError } from '../core/errors.ts';
import type { Catalogue, Language } from './catalogue.ts';

const catalogues = {
  en: async () => (await import('./en/index.ts')).english,
  'pt-BR': async () => (await import('./pt-BR/index.ts')).brazilianPortuguese,
} satisfies Record<Language, () => Promise<Catalogue>>;

export const languages = Object.keys(catalogues) as readonly Language[];

/** The texts of one language; only those are loaded. */
export function loadCatalogue(language: Language): Promise<Catalogue> {
  return catalogues[language]();
}

/**
 * The language to speak: `--lang`, then CINZEL_LANG, then the locale as POSIX orders it (LC_ALL, LC_MESSAGES, LANG;
 * Base Definitions, section 8.2), then English. The first two must name a language that exists (`usage.value`
 * otherwise); a locale that we do not speak means English.
 */
export function detectLanguage(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  if (flag !== undefined) return chosenLanguage('--lang', flag);
  const own = environment['CINZEL_LANG'];
  if (own !== undefined && own !== '') return chosenLanguage('CINZEL_LANG', own);
  const locale = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(Boolean);
  return languageOf(locale ?? '') ?? 'en';
}

function chosenLanguage(name: string, value: string): Language {
  const language = languageOf(value);
  if (language === undefined) throw new CinzelError('usage.value', { name, value, allowed: languages.join(', ') });
  return language;
}

/** `pt_BR.UTF-8`, `pt-br` and `pt` are Portuguese; Brazil's is the one that we have. */
function languageOf(locale: string): Language | undefined {
  const tag = locale.toLowerCase().split(/[.@]/, 1)[0]?.replaceAll('_', '-') ?? '';
  if (tag === 'pt' || tag.startsWith('pt-')) return 'pt-BR';
  return tag === 'en' || tag.startsWith('en-') ? 'en' : undefined;
}
