import type { ReleaseId } from '../releases.ts';
import type { Language } from './application.ts';
import { compareNumbers } from './compare-numbers.ts';

interface ReleaseFacts {
  readonly languages: Readonly<Record<Language, string>>;
  /** The highest versions that its libraries define, by the name before the number. */
  readonly symbols: Readonly<Record<string, string>>;
}

/** What the releases have; a test compares it with images that were built from them. */
export const releaseFacts: Readonly<Record<ReleaseId, ReleaseFacts>> = {
  debian12: {
    languages: { python: '3.11', java: '17', ruby: '3.1', php: '8.2' },
    symbols: { GLIBC: '2.36', GLIBCXX: '3.4.30', CXXABI: '1.3.13', GCC: '12.0.0', GOMP: '5.1' },
  },
  debian13: {
    languages: { python: '3.13', java: '21', ruby: '3.3', php: '8.4' },
    symbols: { GLIBC: '2.41', GLIBCXX: '3.4.33', CXXABI: '1.3.15', GCC: '14.0.0', GOMP: '5.1.2' },
  },
};

/** The release whose libraries define a version such as `GLIBC_2.38`. */
export function releaseWithSymbols(version: string): string | undefined {
  const [, name = '', number = ''] = /^([A-Z]+)_(\d[\d.]*)$/.exec(version) ?? [];
  return releaseOf(({ symbols }) => {
    const most = symbols[name];
    return most !== undefined && compareNumbers(number, most) <= 0;
  });
}

/** The release that has a language in a version, or for Java, which runs what was made for older ones, one as new. */
export function releaseWithLanguage(language: Language, version: string): string | undefined {
  return releaseOf(({ languages }) => suits(language, version, languages[language]));
}

/** Whether what was made for one version of a language runs in another. */
export function suits(language: Language, needed: string, available: string): boolean {
  const isEnough = compareNumbers(needed, available) <= 0;
  return language === 'java' || language === 'php' ? isEnough : needed === available;
}

function releaseOf(has: (facts: ReleaseFacts) => boolean): string | undefined {
  return Object.entries(releaseFacts).find(([, facts]) => has(facts))?.[0];
}
