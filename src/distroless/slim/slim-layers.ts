import type { Filesystem } from '../../filesystem/model.ts';
import type { Plan, PlanEntry } from '../../reach/plan/model.ts';
import type { LayerPlan } from '../layering.ts';
import type { FoundationId } from './foundations.ts';
import { type LayerFileOptions, layerFiles } from './layer-files.ts';
import type { NonrootAccount } from './nonroot-account.ts';
import { rewriteRecords } from './rewrite-records.ts';
import { type SharedFilesOptions, sharedFiles } from './shared-files.ts';

export interface SlimLayerOptions extends Omit<LayerFileOptions, 'rewritten'>, SharedFilesOptions {
  /** What a user needs whom the source does not have. */
  readonly account?: NonrootAccount;
}

export interface SlimLayer extends LayerPlan {
  /** What other images share by this layer; absent for what is this image's own. */
  readonly foundation?: FoundationId;
}

/**
 * The layers of a slimmed image: below what other images have too, then the rest of what packages and rules bring, the
 * application above, as it changes most.
 */
export async function slimLayers(plan: Plan, options: SlimLayerOptions): Promise<readonly SlimLayer[]> {
  const { filesystem, account } = options;
  const rewritten = new Map([...(await rewriteRecords(plan, filesystem)), ...(account?.rewritten ?? [])]);
  const kept = plan.entries.filter(({ fate }) => fate === 'kept');
  const shared = await sharedFiles(plan, options);
  const rest = kept.filter(({ path }) => !shared.some(({ paths }) => paths.has(path)));
  const filesOf = (entries: readonly PlanEntry[]) =>
    layerFiles(sourceEntries(entries, filesystem), { ...options, rewritten });
  const layers: SlimLayer[] = [];
  for (const { foundation, paths } of shared) {
    const files = await filesOf(kept.filter(({ path }) => paths.has(path)));
    const groups = [{ kind: 'package', label: foundation, files }] as const;
    layers.push({ createdBy: `cinzel slim: base ${foundation}`, groups, shared: true, foundation });
  }
  const parts = [
    { kind: 'system', entries: rest.filter(({ application }) => application !== true) },
    { kind: 'application', entries: rest.filter(({ application }) => application === true) },
  ] as const;
  for (const { kind, entries } of parts) {
    if (entries.length === 0) continue;
    const own = await filesOf(entries);
    const files = kind === 'system' ? [...own, ...(account?.files ?? [])] : own;
    layers.push({ createdBy: `cinzel slim: ${kind}`, groups: [{ kind, label: kind, files }] });
  }
  return layers;
}

function sourceEntries(entries: readonly PlanEntry[], filesystem: Filesystem) {
  return entries.flatMap(({ path }) => filesystem.get(path) ?? []);
}
