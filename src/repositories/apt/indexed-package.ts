import { namingFields } from './name-ranks.ts';

/** A binary package as an index lists it (deb-control(5)). Relations are as written; an absent field is empty. */
export interface IndexedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly source: string;
  readonly sourceVersion: string;
  /** Below the archive's root: `pool/main/…`. */
  readonly filename: string;
  /** Bytes of the .deb. */
  readonly size: number;
  readonly sha256: string;
  readonly depends: string;
  readonly preDepends: string;
  readonly provides: string;
  readonly conflicts: string;
  readonly breaks: string;
  readonly replaces: string;
  /** `same`, `foreign`, `allowed`, `no` or empty. */
  readonly multiArch: string;
  readonly essential: boolean;
  readonly important: boolean;
  readonly priority: string;
  /** The place at which the index has the name first, in whatever field (`createNameRanks`). */
  readonly rank: number;
}

type TextField = {
  [Name in keyof IndexedPackage]: IndexedPackage[Name] extends string ? Name : never;
}[keyof IndexedPackage];

/** Fields that are taken as they are written, or empty. */
const plainFields = {
  architecture: 'Architecture',
  depends: 'Depends',
  preDepends: 'Pre-Depends',
  provides: 'Provides',
  conflicts: 'Conflicts',
  breaks: 'Breaks',
  replaces: 'Replaces',
  multiArch: 'Multi-Arch',
  priority: 'Priority',
} as const satisfies Partial<Record<TextField, string>>;
const plainNames = Object.keys(plainFields) as readonly (keyof typeof plainFields)[];

/** The fields of a stanza that are read. */
export const stanzaFields: readonly string[] = [
  'Package',
  'Version',
  'Source',
  'Filename',
  'Size',
  'SHA256',
  'Essential',
  'Important',
  'Protected',
  ...Object.values(plainFields),
  ...namingFields,
];

const namePattern = /^[a-z0-9][a-z0-9+.-]*$/i;
const versionPattern = /^[A-Za-z0-9.+:~-]+$/;

/** A package from the fields of its stanza; undefined when what it needs to be fetched or compared makes no sense. */
export function toPackage(field: (name: string) => string | undefined, rank: number): IndexedPackage | undefined {
  const name = field('Package') ?? '';
  const version = field('Version') ?? '';
  const filename = field('Filename') ?? '';
  const sha256 = field('SHA256')?.toLowerCase() ?? '';
  const size = field('Size') ?? '';
  if (!namePattern.test(name) || !versionPattern.test(version) || !isBelow(filename)) return undefined;
  if (!/^[0-9a-f]{64}$/.test(sha256) || !/^\d{1,15}$/.test(size)) return undefined;
  const [, source = name, sourceVersion = version] = /^(\S+)(?:\s+\((.+)\))?$/.exec(field('Source') ?? name) ?? [];
  const plain = Object.fromEntries(plainNames.map((key) => [key, oneLine(field(plainFields[key]))]));
  return {
    name,
    version,
    source,
    sourceVersion,
    filename,
    size: Number(size),
    sha256,
    ...(plain as Record<(typeof plainNames)[number], string>),
    essential: field('Essential') === 'yes',
    important: field('Important') === 'yes' || field('Protected') === 'yes',
    rank,
  };
}

/** Whether a path stays below the archive's root however it is read. */
function isBelow(path: string): boolean {
  const words = path.split('/');
  return !/[\\\s\p{Cc}]/u.test(path) && words.every((word) => word !== '' && word !== '.' && word !== '..');
}

function oneLine(text = ''): string {
  return text.replace(/[\t\n]+/g, ' ');
}
