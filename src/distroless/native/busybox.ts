import { CinzelError } from '../../core/errors.ts';
import { bytesFile, type FileGroup, type LayerFile, symlink } from '../files.ts';
import { type Applet, appletFolder } from '../healthcheck/probe-command.ts';
import { type OpenedPackage, packageGroup } from '../packages/package-files.ts';
import type { PackageRequest, Recipe } from '../recipe/model.ts';

const place = '/busybox';

/** What of BusyBox an image gets. */
export interface BusyboxUse {
  /** All of it, as a shell apart. */
  readonly shell: boolean;
  /** Single commands for the healthcheck. */
  readonly applets: readonly Applet[];
}

/** A recipe that lists BusyBox wants its shell; for the healthcheck alone it is added and not listed. */
export function busyboxUse({ stages, runtime: { applets = [] } }: Recipe): BusyboxUse {
  return { shell: stages.some(({ packages }) => packages.some(isShell)), applets };
}

function isShell({ name, selection }: PackageRequest): boolean {
  return name === 'busybox-static' && selection?.slices?.includes('healthcheck') !== true;
}

/**
 * BusyBox apart from everything else, under /busybox, with a link for each of its commands: what its package would put
 * into bin, so that the image without it differs by one folder. A command for the healthcheck lies elsewhere and is the
 * program under the name of that command, by which it knows what to do.
 */
export function busyboxGroup(opened: OpenedPackage, { shell, applets }: BusyboxUse): FileGroup {
  const binary = opened.content.files.find(({ header }) => /^(usr\/)?bin\/busybox$/.test(header.name));
  const licence = opened.content.files.filter(({ header }) => header.name.endsWith('/copyright'));
  if (binary === undefined) {
    throw new CinzelError('untrusted.malformed', {
      what: opened.locked.filename,
      problem: { kind: 'lacks', what: 'busybox' },
    });
  }
  const files = [...(shell ? shellFiles(binary) : []), ...appletFiles(binary, applets), ...licence];
  const total = opened.content.files.filter(({ header }) => header.type !== 'directory').length;
  const programs = files.filter(({ header, content }) => header.type === 'file' && content === binary.content);
  const placed = withSums(
    opened,
    binary.header.name,
    programs.map(({ header }) => header.name),
  );
  return packageGroup(placed, files, shell ? undefined : { kept: 1 + licence.length, total });
}

/** The package with checksums that name its program where it lies, so that it is known whose it is (deb-md5sums(5)). */
function withSums(opened: OpenedPackage, from: string, to: readonly string[]): OpenedPackage {
  const sums = opened.content.control.get('md5sums');
  if (sums === undefined) return opened;
  const lines = Buffer.from(sums.content).toString('utf8').split('\n');
  const text = lines.flatMap((line) => (line.slice(34) === from ? to.map((path) => line.slice(0, 34) + path) : [line]));
  const bytes = Buffer.from(text.join('\n'));
  const control = new Map(opened.content.control);
  control.set('md5sums', { header: { ...sums.header, size: bytes.length }, content: bytes });
  return { ...opened, content: { ...opened.content, control } };
}

function shellFiles({ content }: LayerFile): readonly LayerFile[] {
  const links = appletsOf(Buffer.from(content))
    .filter((name) => name !== 'busybox')
    .map((name) => symlink(`${place}/${name}`, `${place}/busybox`));
  return [bytesFile(`${place}/busybox`, content, { mode: 0o755 }), ...links];
}

function appletFiles({ content }: LayerFile, [first, ...others]: readonly Applet[]): readonly LayerFile[] {
  if (first === undefined) return [];
  const program = `${appletFolder}/${first}`;
  return [
    bytesFile(program, content, { mode: 0o755 }),
    ...others.map((name) => symlink(`${appletFolder}/${name}`, program)),
  ];
}

/** The commands that the program has: a sorted table of names, each ended by NUL, that begins with `[` and `[[`. */
function appletsOf(binary: Buffer): readonly string[] {
  const start = binary.indexOf('[\0[[\0', 0, 'latin1');
  if (start < 0) return [];
  const names: string[] = [];
  for (let at = start; ; ) {
    const end = binary.indexOf(0, at);
    const name = binary.toString('latin1', at, end);
    const last = names.at(-1);
    if (!/^[\w[.+-]+$/.test(name) || (last !== undefined && name <= last)) return names;
    names.push(name);
    at = end + 1;
  }
}
