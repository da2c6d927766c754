import { CinzelError } from '../../core/errors.ts';
import type { Problem } from '../../core/problems.ts';
import { parseDeb822 } from '../../formats/deb822.ts';
import type { DebContent } from '../../repositories/apt/read-deb.ts';
import type { FileGroup, LayerFile } from '../files.ts';
import type { LockedPackage } from '../lock/model.ts';
import { mergeUsr, underUsr } from './usr-merge.ts';

/** A package of the image: what the lock says of it, and what its archive holds. */
export interface OpenedPackage {
  readonly locked: LockedPackage;
  readonly content: DebContent;
}

export function packageLabel({ name, version }: LockedPackage): string {
  return `${name} ${version}`;
}

/** The files of a package where they belong, before any of them is left out. */
export function placedFiles({ content }: OpenedPackage, mergedUsr: boolean): readonly LayerFile[] {
  if (!mergedUsr) return content.files;
  return content.files.flatMap((file) => {
    const header = mergeUsr(file.header);
    return header === undefined ? [] : [{ ...file, header }];
  });
}

/** A field of the package's control file. */
export function controlField({ content }: OpenedPackage, name: string): string | undefined {
  const [stanza] = parseDeb822(Buffer.from(content.control.get('control')?.content ?? '').toString('utf8'));
  return stanza?.get(name);
}

/** How much of a package is there: `kept` of `total` files. */
export interface KeptPart {
  readonly kept: number;
  readonly total: number;
}

/** The files of a package with its record for scanners, as one group; one that is there in part says so. */
export function packageGroup(opened: OpenedPackage, files: readonly LayerFile[], part?: KeptPart): FileGroup {
  const { locked } = opened;
  const replaces = controlField(opened, 'Replaces');
  return {
    kind: 'package',
    label: packageLabel(locked),
    source: locked.source,
    name: locked.name,
    version: locked.version,
    ...(replaces === undefined ? {} : { replaces }),
    files: [...files, ...(isPartial(part) ? partialRecord(opened, files, part) : packageRecord(opened))],
  };
}

/**
 * The record of a package in a database without a manager: `status.d/NAME` with its control file as it is, and its
 * checksums beside it. Scanners read it as they read dpkg's own.
 */
function packageRecord({ locked, content }: OpenedPackage): readonly LayerFile[] {
  const control = content.control.get('control');
  if (control === undefined) throw misnamed(locked, { kind: 'lacks', what: 'control' });
  checkControl(locked, control);
  const sums = content.control.get('md5sums');
  return [record(locked.name, control), ...(sums === undefined ? [] : [record(`${locked.name}.md5sums`, sums)])];
}

function isPartial(part: KeptPart | undefined): part is KeptPart {
  return part !== undefined && part.kept < part.total;
}

/** The same with a last field that says how many files are kept, and the checksums of those alone. */
function partialRecord(
  opened: OpenedPackage,
  files: readonly LayerFile[],
  { kept, total }: KeptPart,
): readonly LayerFile[] {
  const names = new Set(files.map(({ header }) => header.name));
  const isKept = (line: string): boolean => {
    const path = line.slice(line.indexOf(' ')).trim();
    return names.has(path) || names.has(underUsr(path));
  };
  return packageRecord(opened).map((file) => {
    const text = Buffer.from(file.content).toString('utf8');
    const content = file.header.name.endsWith('.md5sums')
      ? text
          .split('\n')
          .filter((line) => line !== '' && isKept(line))
          .map((line) => `${line}\n`)
          .join('')
      : `${text.trimEnd()}\nX-Cinzel-Kept: ${kept}/${total}\n`;
    const bytes = Buffer.from(content);
    return { header: { ...file.header, size: bytes.length }, content: bytes };
  });
}

function record(name: string, { header, content }: LayerFile): LayerFile {
  return { header: { ...header, name: `var/lib/dpkg/status.d/${name}` }, content };
}

/** A package must be the one that the index promised, or the record would say what is not there. */
function checkControl(locked: LockedPackage, { content }: LayerFile): void {
  const [stanza] = parseDeb822(Buffer.from(content).toString('utf8'));
  for (const [field, expected] of [
    ['Package', locked.name],
    ['Version', locked.version],
    ['Architecture', locked.architecture],
  ] as const) {
    const actual = stanza?.get(field);
    if (actual !== expected) throw misnamed(locked, { kind: 'other-field', field, found: String(actual), expected });
  }
}

function misnamed({ filename }: LockedPackage, problem: Problem): CinzelError {
  return new CinzelError('untrusted.malformed', { what: filename, problem });
}
