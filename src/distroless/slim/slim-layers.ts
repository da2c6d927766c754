import type { Filesystem } from '../../filesystem/model.ts';
import type { Plan, PlanEntry } from '../../reach/plan/model.ts';
import type { LayerPlan } from '../layering.ts';
import { type LayerFileOptions, layerFiles } from './layer-files.ts';
import type { NonrootAccount } from './nonroot-account.ts';
import { rewriteRecords } from './rewrite-records.ts';

export interface SlimLayerOptions extends Omit<LayerFileOptions, 'rewritten'> {
  /** What a user needs whom the source does not have. */
  readonly account?: NonrootAccount;
}

/** The layers of a slimmed image: what packages and rules bring below, the application above, as it changes most. */
export async function slimLayers(plan: Plan, options: SlimLayerOptions): Promise<LayerPlan[]> {
  const { filesystem, account } = options;
  const rewritten = new Map([...(await rewriteRecords(plan, filesystem)), ...(account?.rewritten ?? [])]);
  const kept = plan.entries.filter(({ fate }) => fate === 'kept');
  const parts = [
    { kind: 'system', entries: kept.filter(({ application }) => application !== true) },
    { kind: 'application', entries: kept.filter(({ application }) => application === true) },
  ] as const;
  const layers: LayerPlan[] = [];
  for (const { kind, entries } of parts) {
    if (entries.length === 0) continue;
    const own = await layerFiles(sourceEntries(entries, filesystem), { ...options, rewritten });
    const files = kind === 'system' ? [...own, ...(account?.files ?? [])] : own;
    layers.push({ createdBy: `cinzel slim: ${kind}`, groups: [{ kind, label: kind, files }] });
  }
  return layers;
}

function sourceEntries(entries: readonly PlanEntry[], filesystem: Filesystem) {
  return entries.flatMap(({ path }) => filesystem.get(path) ?? []);
}
