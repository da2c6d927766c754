import type { Filesystem } from '../../filesystem/model.ts';
import type { Plan, PlanEntry } from '../../reach/plan/model.ts';
import type { LayerPlan } from '../layering.ts';
import { type LayerFileOptions, layerFiles } from './layer-files.ts';
import { rewriteRecords } from './rewrite-records.ts';

/** The layers of a slimmed image: what packages and rules bring below, the application above, as it changes most. */
export async function slimLayers(plan: Plan, options: Omit<LayerFileOptions, 'rewritten'>): Promise<LayerPlan[]> {
  const { filesystem } = options;
  const rewritten = await rewriteRecords(plan, filesystem);
  const kept = plan.entries.filter(({ fate }) => fate === 'kept');
  const parts = [
    { kind: 'system', entries: kept.filter(({ application }) => application !== true) },
    { kind: 'application', entries: kept.filter(({ application }) => application === true) },
  ] as const;
  const layers: LayerPlan[] = [];
  for (const { kind, entries } of parts) {
    if (entries.length === 0) continue;
    const files = await layerFiles(sourceEntries(entries, filesystem), { ...options, rewritten });
    layers.push({ createdBy: `cinzel slim: ${kind}`, groups: [{ kind, label: kind, files }] });
  }
  return layers;
}

function sourceEntries(entries: readonly PlanEntry[], filesystem: Filesystem) {
  return entries.flatMap(({ path }) => filesystem.get(path) ?? []);
}
