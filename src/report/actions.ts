import type { PackageType } from '../inventory/model.ts';
import { hasFiles } from './has-files.ts';
import type { ImageBase, ImageSummary } from './model.ts';
import type { PackageGroup } from './package-groups.ts';

/** Something a person can do, and how many distinct vulnerabilities it removes. */
export type Action =
  | {
      readonly kind: 'upgrade';
      readonly group: string;
      readonly name: string;
      readonly installedVersion: string;
      readonly version: string;
      readonly layer: number;
      readonly removes: number;
    }
  | { readonly kind: 'rebuild'; readonly layer: number; readonly packages: number; readonly removes: number }
  | {
      readonly kind: 'rebase';
      /** The first of the base's layers. */
      readonly layer: 0;
      readonly base: ImageBase;
      readonly packages: number;
      readonly removes: number;
    };

type Layered = Pick<ImageSummary, 'layers' | 'base'>;

/** Types whose newest versions a layer gets when it is built again. */
const distributionTypes: ReadonlySet<PackageType> = new Set(['deb', 'apk', 'rpm']);

/**
 * The one or two actions that remove most: upgrades of one source package, and building a layer again, which upgrades
 * all distribution packages that it brought; for all layers of the base, that is using a newer one. The second is the
 * best of those that the first does not include.
 */
export function bestActions(groups: readonly PackageGroup[], image: Layered): readonly Action[] {
  const upgrades = groups.flatMap(upgradeOf);
  const first = best([...upgrades, ...rebuildsOf(groups, image)]);
  if (first === undefined) return [];
  const rest = groups.filter((group) => !includes(first, group));
  const second = best([...rest.flatMap(upgradeOf), ...rebuildsOf(rest, image)]);
  return second === undefined ? [first] : [first, second];
}

function upgradeOf(group: PackageGroup): readonly Action[] {
  if (group.fixedVersion === undefined) return [];
  const { name, installedVersion, fixedVersion: version, layer, fixable: removes } = group;
  return [{ kind: 'upgrade', group: group.group, name, installedVersion, version, layer, removes }];
}

/** What has no layers, as an SBOM, has none to build again. */
function rebuildsOf(groups: readonly PackageGroup[], image: Layered): readonly Action[] {
  if (!hasFiles(image)) return [];
  const { base } = image;
  const layers = new Map<number, PackageGroup[]>();
  for (const group of groups) {
    if (!distributionTypes.has(group.type) || group.fixedVersion === undefined) continue;
    const layer = group.layer < (base?.layers ?? 0) ? 0 : group.layer;
    layers.set(layer, [...(layers.get(layer) ?? []), group]);
  }
  return [...layers]
    .filter(([, members]) => members.length > 1)
    .map(([layer, members]): Action => {
      const effect = {
        packages: members.length,
        removes: members.reduce((total, member) => total + member.fixable, 0),
      };
      return layer === 0 && base !== undefined
        ? { kind: 'rebase', layer, base, ...effect }
        : { kind: 'rebuild', layer, ...effect };
    });
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
  const isOfLayer = action.kind === 'rebase' ? group.layer < action.base.layers : group.layer === action.layer;
  return distributionTypes.has(group.type) && isOfLayer;
}
