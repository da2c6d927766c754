/**
 * A Dockerfile line as its author wrote it, on one line, from what a builder left in the history: without the classic
 * builder's `/bin/sh -c #(nop)`, BuildKit's trailing `# buildkit`, the build arguments (`|1 A=b`) and the shell that
 * RUN implies. Content hashes are cut to 12 digits.
 */
export function dockerfileLine(createdBy: string): string {
  const line = createdBy
    .slice(0, longest)
    .replaceAll(/\s+/g, ' ')
    .replace(/ # buildkit$/, '')
    .replaceAll(/\b(file|dir|multi):([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1:$2')
    .trim();
  const command = line.startsWith('RUN ') ? line.slice(4) : line;
  const shell = command.startsWith('|') ? command.indexOf(shellPrefix) : command.startsWith(shellPrefix) ? 0 : -1;
  if (shell === -1) return line;
  const rest = command.slice(shell + shellPrefix.length);
  return rest.startsWith(noOperation) ? rest.slice(noOperation.length).trim() : `RUN ${rest}`;
}

const shellPrefix = '/bin/sh -c ';
const noOperation = '#(nop)';
/** Characters that are looked at: nobody reads more of a line, and an image may hold megabytes. */
const longest = 4_096;
