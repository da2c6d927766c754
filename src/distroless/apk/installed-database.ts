import { createHash } from 'node:crypto';
import { compareText } from '../../core/compare-text.ts';
import { parentPath } from '../../core/path.ts';
import type { LayerFile } from '../files.ts';
import type { OpenedApkPackage } from './opened.ts';

/** The text of apk's database of installed packages (wiki.alpinelinux.org/wiki/Apk_spec, "Installed Database"). */
export function installedDatabase(packages: readonly OpenedApkPackage[]): string {
  const sorted = packages.toSorted((a, b) => compareText(a.locked.name, b.locked.name));
  return sorted.map((one) => `${[...fields(one), ...fileLines(one)].join('\n')}\n\n`).join('');
}

/** Fields by their letter, from the package's own .PKGINFO, in the order in which apk writes them. */
const infoFields: readonly (readonly [letter: string, key: string])[] = [
  ['I', 'size'],
  ['T', 'pkgdesc'],
  ['U', 'url'],
  ['L', 'license'],
  ['o', 'origin'],
  ['m', 'maintainer'],
  ['t', 'builddate'],
  ['c', 'commit'],
  ['k', 'provider_priority'],
  ['D', 'depend'],
  ['p', 'provides'],
  ['i', 'install_if'],
  ['r', 'replaces'],
  ['q', 'replaces_priority'],
];

function fields({ locked, info }: OpenedApkPackage): readonly string[] {
  const { checksum, name, version, architecture, size } = locked;
  const own = [`C:${checksum}`, `P:${name}`, `V:${version}`, `A:${architecture}`, `S:${size}`];
  const more = infoFields.flatMap(([letter, key]) => {
    const value = (info.get(key) ?? []).join(' ');
    return value === '' ? [] : [`${letter}:${value}`];
  });
  return [...own, ...more];
}

/** `F:` a folder and `M:` its owner and mode, then its files: `R:` a name, `a:` owner and mode, `Z:` the hash. */
function fileLines({ files }: OpenedApkPackage): readonly string[] {
  const byName = new Map(files.map((file) => [file.header.name, file]));
  const folders = new Map<string, LayerFile[]>();
  for (const file of files) {
    const { name, type } = file.header;
    if (type === 'directory') folders.set(name, folders.get(name) ?? []);
    else folders.set(folderOf(name), [...(folders.get(folderOf(name)) ?? []), file]);
  }
  return [...folders]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([folder, own]) => [
      `F:${folder}`,
      ...attributes('M', byName.get(folder), '0:0:755'),
      ...own.flatMap((file) => [
        `R:${file.header.name.slice(folder === '' ? 0 : folder.length + 1)}`,
        ...attributes('a', file, file.header.type === 'symlink' ? '0:0:777' : '0:0:644'),
        `Z:${checksum(file, byName)}`,
      ]),
    ]);
}

function folderOf(name: string): string {
  return parentPath(`/${name}`).slice(1);
}

/** Left out where it is the usual one. */
function attributes(letter: string, file: LayerFile | undefined, usual: string): readonly string[] {
  if (file === undefined) return [];
  const { uid, gid, mode } = file.header;
  const text = `${uid}:${gid}:${(mode & 0o7777).toString(8)}`;
  return text === usual ? [] : [`${letter}:${text}`];
}

/** SHA-1 of the content, or of what a link says; a hard link has its target's. */
function checksum({ header, content }: LayerFile, byName: ReadonlyMap<string, LayerFile>): string {
  const target = header.type === 'hardlink' ? byName.get(header.link ?? '')?.content : undefined;
  const bytes = header.type === 'symlink' ? Buffer.from(header.link ?? '') : (target ?? content);
  return `Q1${createHash('sha1').update(bytes).digest('base64')}`;
}
