import { ecosystemOf } from '../advisories/coverage.ts';
import { ecosystemTraits } from '../advisories/ecosystems.ts';
import { compareText } from '../core/compare-text.ts';
import type { Distribution, Package } from '../inventory/model.ts';
import { versionSchemes } from '../versions/index.ts';
import { distinctFindings, isOpen } from './distinct.ts';
import { groupBy } from './group-by.ts';
import type { Finding } from './model.ts';
import { sourceGroup } from './source-group.ts';

/** Something that one can do about many findings at once. */
export type Action =
  /** Upgrade the packages of one source. */
  | {
      readonly kind: 'upgrade';
      readonly group: string;
      readonly type: string;
      /** The source's name. */
      readonly name: string;
      readonly from: string;
      /** The lowest version that removes all that can be removed. */
      readonly to: string;
      /** Binaries that are installed from it. */
      readonly packages: number;
      /** The layer that brought it; the first of several. */
      readonly layer: number;
      readonly removes: number;
    }
  /** Make one layer anew with what its archive has now. */
  | { readonly kind: 'layer'; readonly layer: number; readonly sources: number; readonly removes: number };

export interface ActionInput {
  readonly findings: readonly Finding[];
  readonly packages: readonly Package[];
  readonly distribution?: Distribution;
}

/**
 * What removes most: upgrades of one source, and remakes of layers with several sources to upgrade. Only open findings
 * that something fixes count, as distinct (id, group). Those that remove most come first; of equals, the smaller step.
 */
export function findActions(input: ActionInput, limit: number): readonly Action[] {
  const fixable = input.findings.filter((finding) => isOpen(finding) && finding.fix.version !== undefined);
  const upgrades = upgradesOf(fixable, input);
  return [...upgrades, ...layersOf(upgrades)].sort(compareActions).slice(0, limit);
}

type Upgrade = Extract<Action, { readonly kind: 'upgrade' }>;

function upgradesOf(fixable: readonly Finding[], { packages, distribution }: ActionInput): readonly Upgrade[] {
  const members = groupBy(packages, sourceGroup);
  return [...groupBy(distinctFindings(fixable), ({ group }) => group)].flatMap(([group, findings]) =>
    upgradeOf(group, findings, members.get(group) ?? [], distribution),
  );
}

function upgradeOf(
  group: string,
  findings: readonly Finding[],
  packages: readonly Package[],
  distribution: Distribution | undefined,
): readonly Upgrade[] {
  const [first] = packages;
  if (first === undefined) return [];
  const ecosystem = ecosystemOf(first.type, distribution);
  const scheme = ecosystem === undefined ? undefined : ecosystemTraits(ecosystem).scheme;
  const order = scheme && versionSchemes[scheme];
  const to = findings
    .flatMap(({ fix }) => fix.version ?? [])
    .sort((a, b) => order?.compare(a, b) ?? compareText(a, b))
    .at(-1);
  if (to === undefined) return [];
  return [
    {
      kind: 'upgrade',
      group,
      type: first.type,
      name: first.source?.name ?? first.name,
      from: first.source?.version ?? first.version,
      to,
      packages: packages.length,
      layer: Math.min(...packages.map(({ layer }) => layer)),
      removes: findings.length,
    },
  ];
}

/** A layer is worth a step of its own where one upgrade is not all that it needs. */
function layersOf(upgrades: readonly Upgrade[]): readonly Action[] {
  return [...groupBy(upgrades, ({ layer }) => String(layer)).values()].flatMap((group): readonly Action[] => {
    const [first] = group;
    if (first === undefined || group.length < 2) return [];
    const removes = group.reduce((sum, upgrade) => sum + upgrade.removes, 0);
    return [{ kind: 'layer', layer: first.layer, sources: group.length, removes }];
  });
}

function compareActions(a: Action, b: Action): number {
  return b.removes - a.removes || rankOf(a) - rankOf(b) || compareText(nameOf(a), nameOf(b));
}

function rankOf(action: Action): number {
  return action.kind === 'upgrade' ? 0 : 1;
}

function nameOf(action: Action): string {
  return action.kind === 'upgrade' ? action.group : String(action.layer).padStart(6, '0');
}
