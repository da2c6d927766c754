const longest = 80;

/** A value as far as a line has room for it. */
export function short(text: string | undefined): string | undefined {
  return text === undefined || text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
