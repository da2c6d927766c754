import type { Report } from '../core/diagnostics.ts';
import type { Digest } from '../core/digest.ts';
import { checkApplication } from '../distroless/applications/check-application.ts';
import type { Architecture } from '../distroless/architectures.ts';
import { baseAnnotations } from '../distroless/base/base-annotations.ts';
import type { BaseImage } from '../distroless/base/model.ts';
import { baseFolders, placeOnBase } from '../distroless/base/place-on-base.ts';
import { settleOnBase } from '../distroless/base/settle-on-base.ts';
import { buildRecord } from '../distroless/build-record.ts';
import { imageConfig } from '../distroless/image-config.ts';
import { imageTree } from '../distroless/image-tree.ts';
import { type LayerPlan, planLayers } from '../distroless/layering.ts';
import type { Lock } from '../distroless/lock/model.ts';
import { type LayerCompression, makeLayers } from '../distroless/make-layers.ts';
import { forArchitecture } from '../distroless/recipe/for-architecture.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import type { NewImage } from '../image/writer/write-image.ts';
import { imageContents } from './image-contents.ts';
import type { Toolbox } from './toolbox.ts';

/** An image that was made and is not yet written. */
export interface BuiltImage {
  readonly architecture: Architecture;
  readonly image: NewImage;
  readonly plans: readonly LayerPlan[];
  readonly diffIds: readonly Digest[];
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
}

interface ImageOptions {
  readonly architecture: Architecture;
  readonly compression: LayerCompression;
  readonly report: Report;
  /** What it is made on. */
  readonly base?: BaseImage;
}

/** Makes the image of one architecture from its lock; no index is read. */
export async function buildImage(
  whole: Recipe,
  lock: Lock,
  { architecture, compression, report, base }: ImageOptions,
  toolbox: Toolbox,
): Promise<BuiltImage> {
  const recipe = forArchitecture(whole, architecture);
  const cache = await toolbox.cache();
  const { groups: made, packages, unhandled } = await imageContents(recipe, lock, architecture, toolbox);
  if (unhandled.length > 0) {
    const parameters = { packages: unhandled.join(', ') };
    report({ code: 'build.scripts-not-run', severity: 'info', parameters });
  }
  const groups = base === undefined ? made : await settleOnBase(placeOnBase(made, base.filesystem), base);
  if (recipe.checks.length > 0 && base !== undefined)
    report({ code: 'build.not-checked', severity: 'warning', parameters: {} });
  else if (recipe.checks.length > 0) checkApplication(recipe.checks, { tree: imageTree(groups), architecture, report });
  const plans = planLayers(groups, recipe.layering);
  const below = base === undefined ? {} : { below: baseFolders(base.filesystem) };
  const layers = await makeLayers(plans, { compression, cache, ...below });
  const diffIds = layers.map(({ diffId }) => diffId);
  const annotations = { ...(base === undefined ? {} : baseAnnotations(base)), ...recipe.annotations };
  return {
    architecture,
    plans,
    diffIds: [...(base?.diffIds ?? []), ...diffIds],
    image: {
      config: imageConfig({
        architecture,
        runtime: recipe.runtime,
        plans,
        diffIds,
        record: buildRecord(recipe.parts, lock, architecture),
        ...(base === undefined ? {} : { base }),
      }),
      layers: [...(base?.layers ?? []), ...layers.map(({ layer }) => layer)],
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    packages: packages + (base?.packages.length ?? 0),
    files: plans.reduce((sum, { groups }) => sum + groups.reduce((own, { files }) => own + files.length, 0), 0),
    bytes: layers.reduce((sum, { plainSize }) => sum + plainSize, base?.bytes ?? 0),
  };
}
