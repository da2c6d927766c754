import type { LayerFile } from '../distroless/files.ts';
import type { MadeLayer } from '../distroless/make-layers.ts';
import type { SlimLayer } from '../distroless/slim/slim-layers.ts';
import type { NewImage } from '../image/writer/write-image.ts';
import type { PlannedSlim } from './plan-slim.ts';
import type { ImageReach } from './reach.ts';
import type { SlimOptions } from './slim-options.ts';
import type { SharedLayer } from './slim-report.ts';
import type { SlimSubject } from './slim-subject.ts';
import type { Toolbox } from './toolbox.ts';

/** A slimmed image that was made and is not yet written. */
export interface SlimImage {
  readonly made: NewImage;
  readonly files: readonly LayerFile[];
  readonly shared: readonly SharedLayer[];
}

/** Makes the slimmed image of a plan. */
export async function makeSlimImage(
  { image, inventory: { packages }, start, healthcheck }: SlimSubject,
  { plan, user }: PlannedSlim,
  { filesystem, files: owned }: ImageReach,
  { compression }: SlimOptions,
  toolbox: Toolbox,
): Promise<SlimImage> {
  const [{ slimLayers }, { slimConfig }, { makeLayers }, { nonrootAccount, nonrootId }] = await Promise.all([
    import('../distroless/slim/slim-layers.ts'),
    import('../distroless/slim/slim-config.ts'),
    import('../distroless/make-layers.ts'),
    import('../distroless/slim/nonroot-account.ts'),
  ]);
  const account = user.name === String(nonrootId) ? await nonrootAccount(filesystem) : undefined;
  const plans = await slimLayers(plan, {
    filesystem,
    packages,
    files: owned,
    context: toolbox.context,
    ...(account === undefined ? {} : { account }),
  });
  const made = await makeLayers(plans, { compression, cache: await toolbox.cache() });
  const layers = made.map(({ diffId }, index) => ({ diffId, createdBy: plans[index]?.createdBy ?? '' }));
  const config = slimConfig({
    source: image.rawConfig,
    platform: image.platform,
    layers,
    ...(user.name === undefined ? {} : { user: user.name }),
    ...(start === undefined ? {} : { start: start.becomes }),
    ...(healthcheck === undefined ? {} : { healthcheck: healthcheck.to }),
  });
  const files = plans.flatMap(({ groups }) => groups.flatMap((group) => group.files));
  return { made: { config, layers: made.map(({ layer }) => layer) }, files, shared: sharedLayers(plans, made) };
}

function sharedLayers(plans: readonly SlimLayer[], made: readonly MadeLayer[]): readonly SharedLayer[] {
  return plans.flatMap(({ foundation, groups }, layer) => {
    const diffId = made[layer]?.diffId;
    if (foundation === undefined || diffId === undefined) return [];
    const headers = groups.flatMap(({ files }) => files.map(({ header }) => header));
    const files = headers.filter(({ type }) => type === 'file' || type === 'hardlink').length;
    return [{ foundation, layer, diffId, files, bytes: headers.reduce((sum, { size }) => sum + size, 0) }];
  });
}
