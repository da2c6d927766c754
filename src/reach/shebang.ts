/** Linux reads no more of the first line (include/uapi/linux/binfmts.h). */
const longest = 256;

/**
 * The interpreter and its argument that a script's first line names (execve(2): at most one argument), with the words
 * of `env -S` split. Undefined when there is no such line.
 */
export function interpreterOf(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const line = Buffer.from(bytes.subarray(2, longest)).toString('latin1').split('\n')[0] ?? '';
  const [, program, argument = ''] = /^[ \t]*(\S+)[ \t]*(.*?)[ \t\r]*$/.exec(line) ?? [];
  if (program === undefined) return undefined;
  if (argument === '') return [program];
  const split = /^(?:-S|--split-string=?)\s*(.*)$/.exec(argument)?.[1];
  return split === undefined ? [program, argument] : [program, ...split.split(/\s+/)];
}
