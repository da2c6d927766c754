/** Beyond this a file holds data, not code that anybody wrote. */
const longest = 4 * 1024 ** 2;

/**
 * The lines of a program in a language that marks comments by the first characters of a line, without such lines.
 * Comments behind code stay: what they name is then looked for too, which keeps more and never less.
 */
export function codeLines(text: string, comment: RegExp): string {
  if (text.length > longest) return '';
  return text
    .split('\n')
    .filter((line) => !comment.test(line))
    .join('\n');
}
