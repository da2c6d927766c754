/** One way of authenticating that a server offers (RFC 9110 11.6.1). */
export interface Challenge {
  /** Lower-case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = /[!#$%&'*+.^_`|~\w-]+/y;
const assignment = /[ \t]*=[ \t]*/y;
const quoted = /"((?:[^"\\]|\\.)*)"/y;
const separators = /[ \t,]*/y;

/** Reads a WWW-Authenticate header, or several joined by commas. Reads as far as it can be understood. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(header) ?? undefined;
    if (match !== undefined) at = pattern.lastIndex;
    return match;
  };
  while (at < header.length) {
    take(separators);
    const name = take(token)?.[0].toLowerCase();
    if (name === undefined) break;
    const current = challenges.at(-1);
    if (current === undefined || take(assignment) === undefined) {
      challenges.push({ scheme: name, parameters: Object.create(null) as Record<string, string> });
      continue;
    }
    const value = take(quoted)?.[1]?.replace(/\\(.)/g, '$1') ?? take(token)?.[0];
    if (value === undefined) break;
    current.parameters[name] = value;
  }
  return challenges;
}
