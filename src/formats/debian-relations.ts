/** One name of a relationship field (Debian Policy 7.1) with what restricts it. */
export interface Relation {
  readonly name: string;
  /** After a colon: `any`, `native` or an architecture. */
  readonly qualifier?: string;
  readonly operator?: RelationOperator;
  /** There when the operator is. */
  readonly version?: string;
}

export type RelationOperator = '<<' | '<=' | '=' | '>=' | '>>';

/** Architectures and profiles in brackets, which only source packages have, are left out. */
const pattern = /^([^\s:([<]+)(?::([^\s([<]+))?(?:\s*\(\s*([<>=]{1,2})\s*([^\s()<>=]+)\s*\))?/;

/** `<` and `>` are old spellings of `<=` and `>=` (Policy 7.1). */
const operators: Readonly<Record<string, RelationOperator>> = {
  '<<': '<<',
  '<=': '<=',
  '<': '<=',
  '=': '=',
  '>=': '>=',
  '>': '>=',
  '>>': '>>',
};

/** Reads a relationship field: for each need the alternatives that can fill it, in order. What makes no sense is skipped. */
export function parseRelations(field: string | undefined): readonly (readonly Relation[])[] {
  if (field === undefined || field === '') return [];
  return field
    .split(',')
    .map((need) => need.split('|').flatMap((text) => parseRelation(text) ?? []))
    .filter((alternatives) => alternatives.length > 0);
}

function parseRelation(text: string): Relation | undefined {
  const [, name, qualifier, sign = '', version] = pattern.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const operator = operators[sign];
  return {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(operator === undefined || version === undefined ? {} : { operator, version }),
  };
}

/** The relation as a control file has it. */
export function formatRelation({ name, qualifier, operator, version }: Relation): string {
  const full = qualifier === undefined ? name : `${name}:${qualifier}`;
  return operator === undefined ? full : `${full} (${operator} ${version ?? ''})`;
}
