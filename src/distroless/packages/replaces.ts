import { parseRelations } from '../../formats/debian-relations.ts';
import { versionFits } from '../../repositories/apt/solver/fits.ts';

/** A package as far as it may take files of another. */
interface Replacing {
  readonly replaces?: string;
}

interface Replaced {
  readonly name?: string;
  readonly version?: string;
}

/** Whether one package may overwrite files of another in this version (Policy 7.6.1). */
export function replaces({ replaces: field }: Replacing, { name, version = '' }: Replaced): boolean {
  return parseRelations(field)
    .flat()
    .some((relation) => relation.name === name && versionFits(version, relation));
}
