import type { ImagePath } from '../../core/path.ts';
import { isElf } from '../../formats/elf/read-elf.ts';
import type { Edge } from '../model.ts';
import type { World } from '../world.ts';

/** Folders of one program's own data: `/etc/NAME`, `/usr/share/NAME`, and what is in them. */
const data = /^\/(?:etc|usr\/(?:local\/)?share)\/([\w.+-]+)(?:\/|$)/;
/** Those that many share: rules say what of them is needed. */
const sharedData =
  /^(?:X11|alternatives|applications|bash-completion|bug|ca-certificates|common-licenses|default|dict|doc|fonts|i18n|icons|info|init\.d|java|kbd|keyrings|ldap|locale|locales|man|mime|misc|nodejs|pam\.d|perl.*|php|pixmaps|pkgconfig|python.*|security|skel|sounds|ssl|systemd|terminfo|themes|vim|xml|zoneinfo.*)$/;
/** Folders of programs that one program runs: `/usr/libexec/NAME`, `/usr/lib/NAME`. */
const programs = /^\/usr\/(?:local\/)?lib(?:exec)?\/([\w.+-]+)(?:\/|$)/;
/** Libraries of languages and of the system: their parts are followed one by one. */
const sharedPrograms =
  /^(?:[\w-]+-linux-\w+|apt|binfmt\.d|cmake|debug|gcc.*|go.*|jvm|locale|lua.*|mime|modules|node_modules|nodejs|perl.*|php.*|pkgconfig|python.*|R|ruby.*|rust.*|ssl|sysctl\.d|systemd|terminfo|tmpfiles\.d|udev|valgrind)$/;

/**
 * What is needed of a folder whose name a program or library has built in: all of its own data; and of its own helper
 * programs those that are no scripts, since a script would bring its interpreter. Scripts are named as not kept.
 */
export async function privateFolder(
  folder: ImagePath,
  { isProgram }: { readonly isProgram: boolean },
  { tree }: World,
): Promise<{ readonly edges: readonly Edge[]; readonly notKept: readonly string[] }> {
  const edge = { kind: 'folder', detail: folder, certain: false } as const;
  if (isPrivate(folder, data, sharedData)) return { edges: [{ ...edge, to: folder, whole: true }], notKept: [] };
  if (!isProgram || !isPrivate(folder, programs, sharedPrograms)) return { edges: [], notKept: [] };
  const files = tree.list(folder).filter(({ type }) => type !== 'directory');
  const kinds = await Promise.all(files.map(async ({ path }) => ({ path, isScript: await isScript(path) })));
  return {
    edges: kinds.flatMap(({ path, isScript: script }) => (script ? [] : [{ ...edge, to: path }])),
    notKept: kinds.flatMap(({ path, isScript: script }) => (script ? [path] : [])),
  };

  async function isScript(path: ImagePath): Promise<boolean> {
    const entry = tree.findFile(path);
    if (entry === undefined || (entry.mode & 0o111) === 0) return false;
    return !isElf((await tree.read(path)) ?? new Uint8Array());
  }
}

function isPrivate(folder: ImagePath, pattern: RegExp, shared: RegExp): boolean {
  const [, name = ''] = pattern.exec(folder) ?? [];
  return name !== '' && !shared.test(name);
}
