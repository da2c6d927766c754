/**
 * The words of a line of shell that is one plain command, quotes taken off; undefined when there is anything for a shell
 * to do: expansions, redirections, lists, assignments, comments.
 */
export function plainWords(line: string): readonly string[] | undefined {
  const text = line.trim();
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  const plain = words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string) => a ?? b ?? ''));
  const bare = text.replace(/'[^']*'|"[^"$`\\]*"/g, '');
  return /[|&;<>()$`\\*?[\]{}~#"'\n]/.test(bare) ? undefined : plain;
}
