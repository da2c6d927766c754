import picomatch from 'picomatch';
import type { DataClasses } from '../recipe/model.ts';

/** Whether a path is kept. */
export type Keeps = (path: string) => boolean;

const zones = /^\/usr\/share\/zoneinfo\/(?:(?:posix|right)\/)?(.+)$/;
/** What programs read whatever the zone. */
const zoneTables =
  /^(?:Etc\/)?(?:UTC|UCT|Zulu|Universal)$|\.(?:tab|list|zi)$|^(?:leapseconds|posixrules|localtime|tzdata\.zi)$/;
const converters = /\/gconv\/([^/]+)\.so$/;
const messages = /^\/usr\/share\/locale\/([^/]+)\//;
const definitions = /^\/usr\/lib\/locale\/([^/]+)\//;

/** What of time zones, locales and character sets a recipe wants; a class that it does not name is kept whole. */
export function classFilter({ timezones, locales, charsets }: DataClasses): Keeps {
  const filters: Keeps[] = [];
  if (timezones !== undefined) {
    const wanted = picomatch([...timezones]);
    filters.push(only(zones, (zone) => zoneTables.test(zone) || wanted(zone)));
  }
  if (charsets !== undefined) {
    const wanted = new Set(charsets.map(plain));
    // Tables that several converters of East Asian character sets share begin with "lib".
    filters.push(only(converters, (name) => name.startsWith('lib') || wanted.has(plain(name))));
  }
  if (locales !== undefined) {
    const names = new Set(locales.flatMap((locale) => [plain(locale), plain(language(locale))]));
    const isWanted = (name: string): boolean => names.has(plain(name)) || names.has(plain(language(name)));
    filters.push(
      only(messages, isWanted),
      only(definitions, (name) => names.has(plain(name))),
    );
  }
  return (path) => filters.every((keeps) => keeps(path));
}

/** A filter of the paths that a pattern describes, by what it captures. */
function only(pattern: RegExp, keeps: (captured: string) => boolean): Keeps {
  return (path) => {
    const [, captured] = pattern.exec(path) ?? [];
    return captured === undefined || keeps(captured);
  };
}

/** `UTF-8` and `utf8` are one name. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9@]/g, '').toLowerCase();
}

/** `pt_BR.UTF-8` without its character set. */
function language(locale: string): string {
  return locale.replace(/\..*$/, '');
}
