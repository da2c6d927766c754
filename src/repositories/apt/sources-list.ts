import { parseDeb822 } from '../../formats/deb822.ts';

/** One archive and suite that an apt configuration names (sources.list(5)). */
export interface SourceEntry {
  readonly url: string;
  /** As written: `bookworm`, `stable-security`; a path that ends with a slash for an archive without suites. */
  readonly suite: string;
  readonly components: readonly string[];
}

/**
 * The enabled sources of binary packages in a file of /etc/apt: deb822 where its name ends with `.sources`, one a line
 * elsewhere. Whatever makes no sense is passed over.
 */
export function parseSources(name: string, text: string): readonly SourceEntry[] {
  return name.endsWith('.sources') ? deb822Sources(text) : text.split('\n').flatMap(lineSource);
}

function deb822Sources(text: string): readonly SourceEntry[] {
  return [...parseDeb822(text)].flatMap((stanza) => {
    const isOff = /^(no|false|without|off|disable)$/i.test(stanza.get('Enabled') ?? '');
    if (isOff || !words(stanza.get('Types')).includes('deb')) return [];
    const components = words(stanza.get('Components'));
    return words(stanza.get('URIs')).flatMap((url) =>
      words(stanza.get('Suites')).map((suite) => ({ url, suite, components })),
    );
  });
}

function lineSource(line: string): readonly SourceEntry[] {
  const [, rest] = /^\s*deb\s+(?:\[[^\]]*\]\s*)?([^#]*)/.exec(line) ?? [];
  const [url, suite, ...components] = words(rest);
  return url === undefined || suite === undefined ? [] : [{ url, suite, components }];
}

function words(text = ''): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
