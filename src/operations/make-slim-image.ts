import type { LayerFile } from '../distroless/files.ts';
import type { NewImage } from '../image/writer/write-image.ts';
import type { PlannedSlim } from './plan-slim.ts';
import type { ImageReach } from './reach.ts';
import type { SlimOptions } from './slim-options.ts';
import type { SlimSubject } from './slim-subject.ts';
import type { Toolbox } from './toolbox.ts';

/** A slimmed image that was made and is not yet written. */
export interface SlimImage {
  readonly made: NewImage;
  readonly files: readonly LayerFile[];
}

/** Makes the slimmed image of a plan. */
export async function makeSlimImage(
  { image, start, healthcheck }: SlimSubject,
  { plan, user }: PlannedSlim,
  { filesystem }: ImageReach,
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
  return { made: { config, layers: made.map(({ layer }) => layer) }, files };
}
