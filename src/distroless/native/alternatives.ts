import { type FileGroup, symlink } from '../files.ts';
import { imageTree } from '../image-tree.ts';
import type { OpenedPackage } from '../packages/package-files.ts';
import { underUsr } from '../packages/usr-merge.ts';
import { commandsOf, scriptLines } from './script-commands.ts';

interface Link {
  /** Absolute paths. */
  readonly link: string;
  readonly path: string;
  readonly name: string;
}

/** What a package offers under a common name (update-alternatives(1)). */
interface Alternative extends Link {
  readonly priority: number;
  /** Links that go with it. */
  readonly slaves: readonly Link[];
}

/**
 * The links of alternatives, as `update-alternatives --install` makes them of an empty root: of those under one name the
 * one with the highest priority, through `/etc/alternatives`. Only what is in the image counts, and a path that the image
 * has already stays.
 */
export function alternativesGroup(
  groups: readonly FileGroup[],
  packages: readonly OpenedPackage[],
  mergedUsr: boolean,
): readonly FileGroup[] {
  const tree = imageTree(groups);
  const placed = (path: string): string => (mergedUsr ? `/${underUsr(path.slice(1))}` : path);
  const best = new Map<string, Alternative>();
  for (const one of packages.flatMap(offers)) {
    const known = best.get(one.name);
    const isBetter = known === undefined || one.priority > known.priority;
    if (isBetter && tree.resolve(placed(one.path)) !== undefined) best.set(one.name, one);
  }
  const files = [...best.values()]
    .flatMap((one) => (tree.get(placed(one.link)) === undefined ? [one, ...one.slaves] : []))
    .filter(({ link, path }) => tree.get(placed(link)) === undefined && tree.resolve(placed(path)) !== undefined)
    .flatMap(({ link, name, path }) => [
      symlink(placed(link), `/etc/alternatives/${name}`),
      symlink(`/etc/alternatives/${name}`, placed(path)),
    ]);
  return files.length === 0 ? [] : [{ kind: 'system', label: 'alternatives', yields: true, files }];
}

export const alternativesProgram = 'update-alternatives';

function offers({ content }: OpenedPackage): readonly Alternative[] {
  const script = content.control.get('postinst')?.content;
  if (script === undefined) return [];
  const { commands } = commandsOf(alternativesProgram, scriptLines(script));
  return commands.flatMap((words) => alternativeOf(words) ?? []);
}

/** `--install LINK NAME PATH PRIORITY [--slave LINK NAME PATH]…`, whatever options are before it. */
function alternativeOf(words: readonly string[]): Alternative | undefined {
  const at = words.indexOf('--install');
  const [link, name, path, priority] = words.slice(at + 1);
  const found = at < 0 ? undefined : linkOf(link, name, path);
  if (found === undefined || !/^-?\d+$/.test(priority ?? '')) return undefined;
  const slaves = words.flatMap((word, index) => {
    if (word !== '--slave' && word !== '--follower') return [];
    return linkOf(...words.slice(index + 1, index + 4)) ?? [];
  });
  return { ...found, priority: Number(priority), slaves };
}

/** A package may say anything here; what is no plain absolute path or name is none. */
function linkOf(link = '', name = '', path = ''): Link | undefined {
  const isPath = (text: string): boolean => /^(\/[^/\s]+)+$/.test(text) && !/\/\.\.?(\/|$)/.test(text);
  return isPath(link) && isPath(path) && isPath(`/${name}`) ? { link, name, path } : undefined;
}
