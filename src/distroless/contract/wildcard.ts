/** Stands in recorded texts for what may be anything. */
export const wildcard = '«*»';

/** Replaces what the patterns match. */
export function masked(text: string, patterns: readonly string[] = []): string {
  return patterns.reduce((rest, pattern) => rest.replace(new RegExp(pattern, 'gmu'), wildcard), text);
}

/** Whether a text is as one with wildcards says. */
export function matchesWildcards(text: string, recorded: string): boolean {
  if (text === recorded) return true;
  const [first = '', ...others] = recorded.split(wildcard);
  const last = others.pop();
  if (last === undefined || !text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
