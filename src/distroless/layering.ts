import type { FileGroup } from './files.ts';
import type { Layering } from './recipe/model.ts';

/** One layer of an image to be, the last of a path counts. */
export interface LayerPlan {
  readonly createdBy: string;
  readonly groups: readonly FileGroup[];
  /** Other images are to have it byte for byte: folders on the way to its files are plain, a later layer has them right. */
  readonly shared?: true;
}

/** Cuts the files of an image into layers. */
export function planLayers(groups: readonly FileGroup[], layering: Layering): readonly LayerPlan[] {
  switch (layering.kind) {
    case 'single':
      return [planOf(groups)];
    case 'google':
      return groupsOneByOne(groups).map((group) => planOf([group]));
    case 'packages':
      return byPackage(groups, layering.budget);
  }
}

/** The order of the system's layers where each has its own (reference: bazel rules of Google's distroless, static.bzl). */
const systemOrder = ['rootfs', 'passwd', 'home', 'group', 'tmp', 'etc/nsswitch.conf', 'os-release'];

function groupsOneByOne(groups: readonly FileGroup[]): readonly FileGroup[] {
  const at = groups.findIndex(({ kind }) => kind === 'system');
  const system = groups
    .filter(({ kind }) => kind === 'system')
    .map((group, index) => ({ group, rank: rankOf(group.label), index }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ group }) => group);
  const others = groups.filter(({ kind }) => kind !== 'system');
  return [...others.slice(0, Math.max(0, at)), ...system, ...others.slice(Math.max(0, at))];
}

function rankOf(label: string): number {
  const rank = systemOrder.indexOf(label);
  return rank < 0 ? systemOrder.length : rank;
}

/**
 * A layer for each source package, so that images that share packages share layers. Past the budget the largest keep
 * their own and the rest share one. Then one layer of the system's files and one of the application's, which changes
 * most often.
 */
function byPackage(groups: readonly FileGroup[], budget: number): readonly LayerPlan[] {
  const ofKind = (kind: FileGroup['kind']): readonly FileGroup[] => groups.filter((group) => group.kind === kind);
  const sources = [...bySource(ofKind('package')).values()];
  const last = [ofKind('system'), ofKind('application')].filter((some) => some.length > 0);
  // Where the budget has no layer for the packages alone, the system's files are with them.
  const [system = [], ...application] = last.length < budget ? [] : last;
  if (system.length > 0) return [[...sources.flat(), ...system], ...application].map(planOf);
  return [...withinBudget(sources, budget - last.length), ...last].map(planOf);
}

function withinBudget(sources: readonly (readonly FileGroup[])[], room: number): readonly (readonly FileGroup[])[] {
  if (sources.length <= room) return sources;
  const largest = new Set([...sources].sort((a, b) => bytesOf(b) - bytesOf(a)).slice(0, room - 1));
  const rest = sources.filter((source) => !largest.has(source)).flat();
  return [...sources.filter((source) => largest.has(source)), rest];
}

function bySource(groups: readonly FileGroup[]): ReadonlyMap<string, readonly FileGroup[]> {
  const sources = new Map<string, FileGroup[]>();
  for (const group of groups) {
    const source = group.source ?? group.label;
    sources.set(source, [...(sources.get(source) ?? []), group]);
  }
  return sources;
}

function bytesOf(groups: readonly FileGroup[]): number {
  return groups.reduce((sum, { files }) => sum + files.reduce((own, { content }) => own + content.length, 0), 0);
}

function planOf(groups: readonly FileGroup[]): LayerPlan {
  return { createdBy: `cinzel build: ${groups.map(({ label }) => label).join(', ')}`, groups };
}
