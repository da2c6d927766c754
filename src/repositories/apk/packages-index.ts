import { CinzelError } from '../../core/errors.ts';
import { decodeName } from '../../core/path.ts';
import type { Problem } from '../../core/problems.ts';
import { parseApkDatabase } from '../../formats/apk-database.ts';
import type { ApkRepository } from './repository.ts';

/** A package as an index lists it (apk-package(5), apk-v2 index). */
export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The package it was built with. */
  readonly origin: string;
  /** Bytes of the .apk. */
  readonly size: number;
  /** `Q1` and the SHA-1, or `Q2` and the SHA-256, of its control member, in Base64. */
  readonly checksum: string;
  /** Seconds since the epoch; 0 when unknown. */
  readonly built: number;
  /** Fields as written. */
  readonly depends: string;
  readonly provides: string;
  readonly installIf: string;
  readonly providerPriority: number;
  readonly repository: ApkRepository;
}

/** Names and versions become part of addresses and paths. */
const safe = { name: /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/, version: /^[A-Za-z0-9][A-Za-z0-9_.+~-]*$/ };
const checksumPattern = /^(Q1[A-Za-z0-9+/]{27}=|Q2[A-Za-z0-9+/]{43}=)$/;

/** Reads the text of an APKINDEX. Throws `untrusted.malformed` for an entry that cannot be used. */
export function parseApkIndex(bytes: Uint8Array, repository: ApkRepository, what: string): readonly ApkPackage[] {
  const found: ApkPackage[] = [];
  for (const { fields } of parseApkDatabase(decodeName(bytes))) {
    const field = (letter: string): string => fields.get(letter)?.trim() ?? '';
    const [name, version, checksum] = [field('P'), field('V'), field('C')];
    const fault = (problem: Problem): CinzelError => new CinzelError('untrusted.malformed', { what, problem });
    if (!safe.name.test(name)) throw fault({ kind: 'no-package-name', text: name.slice(0, 80) });
    if (!safe.version.test(version)) throw fault({ kind: 'no-version', name });
    if (!checksumPattern.test(checksum)) throw fault({ kind: 'no-checksum', name: `${name} ${version}` });
    if (!/^\d{1,12}$/.test(field('S'))) throw fault({ kind: 'no-size', name: `${name} ${version}` });
    found.push({
      name,
      version,
      checksum,
      architecture: field('A'),
      origin: field('o') || name,
      size: Number(field('S')),
      built: wholeNumber(field('t')),
      depends: field('D'),
      provides: field('p'),
      installIf: field('i'),
      providerPriority: wholeNumber(field('k')),
      repository,
    });
  }
  return found;
}

function wholeNumber(text: string): number {
  return /^\d{1,12}$/.test(text) ? Number(text) : 0;
}
