import { CinzelError } from '../../core/errors.ts';
import { versionSchemes } from '../../versions/index.ts';
import type { AptArchive, ArchivePackage } from './archive.ts';

/** One alternative of a dependency (deb-control(5), "Depends"). */
interface Relation {
  readonly name: string;
  readonly operator?: string;
  readonly version?: string;
}

/**
 * The packages that a list of names needs, each once, in the order in which they were reached: Depends and
 * Pre-Depends, alternatives from left to right, the newest version that fits, a virtual package by its first provider.
 * It does not go back on a choice. Throws `environment.not-found` that names what cannot be met, and for whom.
 */
export function resolvePackages(names: readonly string[], archive: AptArchive): readonly ArchivePackage[] {
  const chosen = new Map<string, ArchivePackage>();
  const queue: { readonly alternatives: readonly Relation[]; readonly wantedBy: string }[] = names.map((name) => ({
    alternatives: [{ name }],
    wantedBy: 'the request',
  }));
  for (const { alternatives, wantedBy } of queue) {
    if (alternatives.some((relation) => isMet(relation, chosen))) continue;
    const found = alternatives.map((relation) => candidate(relation, archive)).find((one) => one !== undefined);
    if (found === undefined) {
      throw new CinzelError('environment.not-found', {
        what: `${alternatives.map(({ name }) => name).join(' | ')}, which ${wantedBy} needs,`,
      });
    }
    if (chosen.has(found.name)) continue;
    chosen.set(found.name, found);
    for (const field of [found.preDepends, found.depends]) {
      for (const relation of parseRelations(field)) queue.push({ alternatives: relation, wantedBy: found.name });
    }
  }
  return [...chosen.values()];
}

function parseRelations(field: string): readonly (readonly Relation[])[] {
  return field
    .split(',')
    .map((group) => group.split('|').flatMap((text) => parseRelation(text.trim()) ?? []))
    .filter((alternatives) => alternatives.length > 0);
}

function parseRelation(text: string): Relation | undefined {
  const [, name, operator, version] = /^([^\s:(]+)(?::\w+)?(?:\s*\(\s*([<>=]+)\s*([^)\s]+)\s*\))?/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return operator === undefined || version === undefined ? { name } : { name, operator, version };
}

function isMet(relation: Relation, chosen: ReadonlyMap<string, ArchivePackage>): boolean {
  const same = chosen.get(relation.name);
  if (same !== undefined) return fits(same.version, relation);
  return [...chosen.values()].some(({ provides }) => providesName(provides, relation.name));
}

function providesName(provides: string, name: string): boolean {
  return provides !== '' && provides.split(',').some((item) => item.trim().split(/\s/)[0] === name);
}

function candidate(relation: Relation, archive: AptArchive): ArchivePackage | undefined {
  const own = archive.versionsOf(relation.name).find(({ version }) => fits(version, relation));
  return own ?? (relation.version === undefined ? archive.providersOf(relation.name)[0] : undefined);
}

function fits(version: string, { operator, version: wanted }: Relation): boolean {
  if (operator === undefined || wanted === undefined) return true;
  const order = versionSchemes.deb.compare(version, wanted);
  switch (operator) {
    case '<<':
      return order < 0;
    case '<=':
    case '<':
      return order <= 0;
    case '=':
      return order === 0;
    case '>>':
      return order > 0;
    default:
      return order >= 0;
  }
}
