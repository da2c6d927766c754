/**
 * Reads a relationship field (Debian Policy 7.1): for each need the names that can fill it, in order. Versions,
 * architectures and profiles are left out: what is installed together has been found to fit.
 */
export function parseRelations(field: string | undefined): readonly (readonly string[])[] {
  if (field === undefined) return [];
  return field
    .split(',')
    .map((need) => need.split('|').map(relationName).filter(isNotEmpty))
    .filter((names) => names.length > 0);
}

function relationName(relation: string): string {
  return /^[^\s:([<]+/.exec(relation.trim())?.[0] ?? '';
}

function isNotEmpty(text: string): boolean {
  return text !== '';
}

/** Reads `name (= version), …`, as Built-Using has it (Policy 7.8). */
export function parseExactRelations(field: string): readonly { readonly name: string; readonly version: string }[] {
  return field.split(',').flatMap((relation) => {
    const [, name, version] = /^\s*([^\s(:]+)[^(]*\(=\s*([^\s)]+)\s*\)/.exec(relation) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
}
