import { baseName, type ImagePath, parentPath } from '../core/path.ts';
import type { FileEntry, Filesystem } from '../filesystem/model.ts';
import type { AttackSurface } from './model.ts';

const kinds = {
  shells: 'sh ash bash busybox csh dash elvish fish ksh ksh93 mksh nu oksh pwsh rbash tcsh toybox yash zsh',
  packageManagers:
    'apk apt apt-get aptitude cargo composer conda dnf dnf5 dpkg emerge gem mamba microdnf nix npm npx opkg pacman pip pip3 pipx pnpm poetry rpm snap tdnf uv yarn yum zypper',
  downloaders:
    'aria2c axel curl fetch ftp lftp lynx nc ncat netcat rsync scp sftp socat ssh telnet tftp w3m wget wget2',
} as const;

type Kind = keyof typeof kinds;

const kindOf: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(kinds) as Kind[]).flatMap((kind) => kinds[kind].split(' ').map((name) => [name, kind] as const)),
);

/** Folders of programs, and the one where distroless debug images have their shell. */
const programFolders: ReadonlySet<string> = new Set(['bin', 'sbin', 'busybox']);

const setuidOrSetgid = 0o6000;
const anyExecute = 0o111;

/** Collects the attack surface while the filesystem's entries pass by. */
export class SurfaceMeter {
  readonly #filesystem: Filesystem;
  readonly #found: Record<Kind, ImagePath[]> = { shells: [], packageManagers: [], downloaders: [] };
  readonly #setuid: ImagePath[] = [];
  #executables = 0;
  #files = 0;

  constructor(filesystem: Filesystem) {
    this.#filesystem = filesystem;
  }

  visit(entry: FileEntry): void {
    if (entry.type === 'file' || entry.type === 'hardlink') this.#count(entry);
    if (entry.type === 'directory') return;
    const kind = kindOf.get(baseName(entry.path));
    if (kind === undefined || !programFolders.has(baseName(parentPath(entry.path)))) return;
    const target = entry.type === 'symlink' ? this.#filesystem.resolve(entry.path) : entry;
    if (target !== undefined && isExecutable(target)) this.#found[kind].push(entry.path);
  }

  finish(): AttackSurface {
    return { ...this.#found, setuid: this.#setuid, executables: this.#executables, files: this.#files };
  }

  #count(entry: FileEntry): void {
    this.#files++;
    if (!isExecutable(entry)) return;
    this.#executables++;
    if ((entry.mode & setuidOrSetgid) !== 0) this.#setuid.push(entry.path);
  }
}

function isExecutable({ type, mode }: FileEntry): boolean {
  return (type === 'file' || type === 'hardlink') && (mode & anyExecute) !== 0;
}
