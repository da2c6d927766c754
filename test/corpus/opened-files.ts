import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isElf, readElf } from '../../src/formats/elf/read-elf.ts';

/** The paths inside `root` that strace's logs, a file a thread, tell were opened or executed with success. */
export function openedFiles(logs: string, root: string): readonly string[] {
  const opened = new Set<string>();
  for (const name of readdirSync(logs).sort()) {
    for (const line of ownCalls(readFileSync(join(logs, name), 'utf8')).split('\n')) {
      const path = pathOf(line);
      if (path === undefined) continue;
      const inside = path.startsWith(`${root}/`) ? path.slice(root.length) : path;
      const real = realPath(inside, root) ?? inside;
      opened.add(real);
      if (line.startsWith('execve')) for (const one of loadersOf(real, root)) opened.add(one);
    }
  }
  return [...opened].sort();
}

/** What the kernel itself opens to execute a file: the interpreter of a script, the loader of a program. */
function loadersOf(path: string, root: string): readonly string[] {
  const bytes = readFileSync(join(root, path));
  const [, script] = /^#!\s*(\/\S+)/.exec(bytes.subarray(0, 256).toString('latin1')) ?? [];
  const loader = script ?? (isElf(bytes) ? readElf(bytes, path).interpreter : undefined);
  const real = loader === undefined ? undefined : realPath(loader, root);
  if (real === undefined) return [];
  return script === undefined ? [real] : [real, ...loadersOf(real, root)];
}

/** The program's own calls begin with its execution in its own root; before that they are the sandbox's. */
function ownCalls(text: string): string {
  if (!/execve\("\/usr\/bin\/nsenter"/.test(text)) return text;
  const executed = [...text.matchAll(/^execve\(.* = 0$/gm)];
  return text.slice(executed[1]?.index ?? text.length);
}

/** Of what was opened, strace tells the path that the links on the way led to. */
function pathOf(line: string): string | undefined {
  if (line.includes('O_DIRECTORY')) return undefined;
  return (
    /^open(?:at|at2)?\(.* = \d+<([^>]+)>$/.exec(line)?.[1] ??
    /^execve(?:at)?\((?:[^",]*, )?"(\/[^"]+)".* = 0$/.exec(line)?.[1]
  );
}

/** Where a path leads when links are followed as in that root. */
function realPath(path: string, root: string, hops = 40): string | undefined {
  let real = '/';
  const parts = path.split('/').filter(Boolean);
  for (const [index, part] of parts.entries()) {
    const next = join(real, part);
    const stat = lstatSync(join(root, next), { throwIfNoEntry: false });
    if (stat === undefined || hops === 0) return undefined;
    if (stat.isSymbolicLink()) {
      const target = resolve(dirname(next), readlinkSync(join(root, next)));
      return realPath(join(target, ...parts.slice(index + 1)), root, hops - 1);
    }
    real = next;
  }
  return real;
}
