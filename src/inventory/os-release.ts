/** Variables of an os-release file (os-release(5)): shell assignments, quoted or not; nothing is expanded. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split('\n')) {
    const assignment = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (assignment?.[1] !== undefined) variables.set(assignment[1], unquote((assignment[2] ?? '').trim()));
  }
  return variables;
}

function unquote(value: string): string {
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return value;
  const end = value.lastIndexOf(quote);
  const inner = value.slice(1, end > 0 ? end : undefined);
  return quote === '"' ? inner.replace(/\\(["$\\`])/g, '$1') : inner;
}
