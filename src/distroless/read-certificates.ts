import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CinzelError } from '../core/errors.ts';
import { systemProblem } from '../core/system-problem.ts';
import type { Recipe } from './recipe/model.ts';

/** Reads the further certificates of a recipe, in PEM. Throws when one is none, and where no bundle would hold them. */
export async function readCertificates(
  { certificateFiles }: Recipe,
  hasBundle: boolean,
): Promise<readonly Uint8Array[]> {
  if (certificateFiles.length > 0 && !hasBundle) {
    throw new CinzelError('usage.certificates', {});
  }
  const read: Uint8Array[] = [];
  for (const path of certificateFiles) {
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new CinzelError('environment.read', { path, problem: systemProblem(cause) }, { cause });
    });
    checkCertificate(bytes, path);
    read.push(bytes);
  }
  return read;
}

function checkCertificate(bytes: Uint8Array, what: string): void {
  try {
    new X509Certificate(bytes);
  } catch (cause) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-certificate' }, { cause });
  }
}
