/** What makes Ruby and Perl hand a command line to the shell (ruby-doc.org, "Process"; perldoc, "system"). */
const metacharacters = /[*?{}[\]<>()~&|\\$;'`"\n#=%]/;

/** How a language that starts simple command lines without a shell starts this one. */
export function commandWords(line: string): readonly string[] {
  return metacharacters.test(line) ? ['/bin/sh', '-c', line] : line.trim().split(/\s+/);
}
