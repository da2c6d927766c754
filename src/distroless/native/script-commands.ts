/** The lines of a maintainer script with those that go on joined, comments left out, and white space at their ends. */
export function scriptLines(script: Uint8Array): readonly string[] {
  return Buffer.from(script)
    .toString('utf8')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

interface Loop {
  readonly variable: string;
  readonly values: readonly string[];
}

const loopHead = /^for\s+(\w+)\s+in\s+([^;$`*]+?)\s*(?:;\s*do)?$/;

/** The commands of a script with one program. */
export interface ProgramCommands {
  /** As lists of words, once for each value of the loops that they are in. */
  readonly commands: readonly (readonly string[])[];
  /** Whether those are all: the words of some only a shell can tell. */
  readonly isWhole: boolean;
}

export function commandsOf(program: string, lines: readonly string[]): ProgramCommands {
  const loops: (Loop | undefined)[] = [];
  const written: string[] = [];
  for (const line of lines) {
    if (/^(for|while|until)\b/.test(line)) loops.push(loopOf(line));
    else if (/^done\b/.test(line)) loops.pop();
    else if (line.startsWith(`${program} `)) {
      const known = loops.flatMap((loop) => loop ?? []);
      written.push(...expanded(line, known));
    }
  }
  const commands = written.flatMap((line) => literalWords(line) ?? []);
  return { commands, isWhole: commands.length === written.length };
}

function loopOf(line: string): Loop | undefined {
  const [, variable, values] = loopHead.exec(line) ?? [];
  return variable === undefined || values === undefined ? undefined : { variable, values: values.split(/\s+/) };
}

function expanded(line: string, [loop, ...inner]: readonly Loop[]): readonly string[] {
  if (loop === undefined) return [line];
  const reference = new RegExp(`\\$(?:\\{${loop.variable}\\}|${loop.variable}(?!\\w))`, 'g');
  if (!reference.test(line)) return expanded(line, inner);
  return loop.values.flatMap((value) => expanded(line.replace(reference, value), inner));
}

/** The words of one simple command, in a list; undefined when a shell would make others of them. */
function literalWords(line: string): readonly (readonly string[])[] | undefined {
  const [command = ''] = line.split(/\s*(?:;|\|\||&&|\d?>)/);
  if (/[$`*?\\|&]/.test(command)) return undefined;
  return [Array.from(command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c ?? '')];
}
