import { parseRelations, type Relation } from '../../../formats/debian-relations.ts';
import { versionSchemes } from '../../../versions/index.ts';
import type { Solvable } from './solvable.ts';

/** Whether the package itself, by name, architecture and version, is what the relation names. */
export function fits(found: Solvable, relation: Relation, architecture: string): boolean {
  return (
    found.name === relation.name &&
    qualifierFits(found, relation.qualifier, architecture) &&
    versionFits(found.version, relation)
  );
}

/**
 * Whether the package provides what the relation names. A relation with a version needs a provided version
 * (Policy 7.5).
 */
export function providesFitting(found: Solvable, relation: Relation, architecture: string): boolean {
  if (!qualifierFits(found, relation.qualifier, architecture)) return false;
  return parseRelations(found.provides)
    .flat()
    .some(({ name, version }) => {
      if (name !== relation.name) return false;
      return relation.version === undefined || (version !== undefined && versionFits(version, relation));
    });
}

/** Packages for all architectures count as native ones; `any` asks for a package that allows it (Multi-Arch specification). */
function qualifierFits(found: Solvable, qualifier: string | undefined, architecture: string): boolean {
  if (qualifier === undefined || qualifier === 'native' || qualifier === architecture) return true;
  return qualifier === 'any' && found.multiArch === 'allowed';
}

/** Whether a version is one that the relation allows (Policy 7.1). */
export function versionFits(version: string, { operator, version: wanted }: Relation): boolean {
  if (operator === undefined || wanted === undefined) return true;
  const order = versionSchemes.deb.compare(version, wanted);
  switch (operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}
