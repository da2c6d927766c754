import type { PackageType } from '../inventory/model.ts';
import type { PackageGroup } from './package-groups.ts';

/** Something a person can do, and how many distinct vulnerabilities it removes. */
export type Action =
  | {
      readonly kind: 'upgrade';
      readonly group: string;
      readonly name: string;
      readonly version: string;
      readonly layer: number;
      readonly removes: number;
    }
  | { readonly kind: 'rebuild'; readonly layer: number; readonly packages: number; readonly removes: number };

/** Types whose newest versions a layer gets when it is built again. */
const distributionTypes: ReadonlySet<PackageType> = new Set(['deb', 'apk', 'rpm']);

/**
 * The one or two actions that remove most: upgrades of one source package, and building a layer again, which upgrades
 * all distribution packages that it brought. The second is the best of those that the first does not include.
 */
export function bestActions(groups: readonly PackageGroup[]): readonly Action[] {
  const upgrades = groups.flatMap(upgradeOf);
  const first = best([...upgrades, ...rebuildsOf(groups)]);
  if (first === undefined) return [];
  const rest = groups.filter((group) => !includes(first, group));
  const second = best([...rest.flatMap(upgradeOf), ...rebuildsOf(rest)]);
  return second === undefined ? [first] : [first, second];
}

function upgradeOf(group: PackageGroup): readonly Action[] {
  if (group.fixedVersion === undefined) return [];
  const { name, fixedVersion: version, layer, fixable: removes } = group;
  return [{ kind: 'upgrade', group: group.group, name, version, layer, removes }];
}

function rebuildsOf(groups: readonly PackageGroup[]): readonly Action[] {
  const layers = new Map<number, PackageGroup[]>();
  for (const group of groups) {
    if (!distributionTypes.has(group.type) || group.fixedVersion === undefined) continue;
    layers.set(group.layer, [...(layers.get(group.layer) ?? []), group]);
  }
  return [...layers]
    .filter(([, members]) => members.length > 1)
    .map(([layer, members]) => ({
      kind: 'rebuild',
      layer,
      packages: members.length,
      removes: members.reduce((total, member) => total + member.fixable, 0),
    }));
}

function best(actions: readonly Action[]): Action | undefined {
  return actions.toSorted((a, b) => b.removes - a.removes || effort(a) - effort(b))[0];
}

/** One upgrade is easier to do and to judge than a whole layer. */
function effort(action: Action): number {
  return action.kind === 'upgrade' ? 0 : action.packages;
}

/** Whether doing the action upgrades the group. */
export function includes(action: Action, group: PackageGroup): boolean {
  if (action.kind === 'upgrade') return group.group === action.group;
  return distributionTypes.has(group.type) && group.layer === action.layer;
}
