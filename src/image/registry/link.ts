/**
 * The next page that a Link header names (RFC 8288), as the distribution specification's lists use it. Undefined when
 * there is none, or when it leads to another origin, where our credentials must not go.
 */
export function nextPage(header: string | undefined, from: URL): URL | undefined {
  const start = header?.indexOf('<') ?? -1;
  const end = header?.indexOf('>', start) ?? -1;
  if (header === undefined || start < 0 || end < 0) return undefined;
  if (!/;[ \t]*rel="?next"?/i.test(header.slice(end))) return undefined;
  const target = header.slice(start + 1, end);
  const url = URL.canParse(target, from.href) ? new URL(target, from) : undefined;
  return url?.origin === from.origin ? url : undefined;
}
