import type { Report } from '../core/diagnostics.ts';
import type { Digest } from '../core/digest.ts';
import { checkApplication } from '../distroless/applications/check-application.ts';
import type { Architecture } from '../distroless/architectures.ts';
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
}

/** Makes the image of one architecture from its lock; no index is read. */
export async function buildImage(
  whole: Recipe,
  lock: Lock,
  { architecture, compression, report }: ImageOptions,
  toolbox: Toolbox,
): Promise<BuiltImage> {
  const recipe = forArchitecture(whole, architecture);
  const cache = await toolbox.cache();
  const { groups, packages, unhandled } = await imageContents(recipe, lock, architecture, toolbox);
  if (unhandled.length > 0) {
    const parameters = { packages: unhandled.join(', ') };
    report({ code: 'build.scripts-not-run', severity: 'info', parameters });
  }
  if (recipe.checks.length > 0) checkApplication(recipe.checks, { tree: imageTree(groups), architecture, report });
  const plans = planLayers(groups, recipe.layering);
  const made = await makeLayers(plans, { compression, cache });
  const diffIds = made.map(({ diffId }) => diffId);
  return {
    architecture,
    plans,
    diffIds,
    image: {
      config: imageConfig({
        architecture,
        runtime: recipe.runtime,
        plans,
        diffIds,
        record: buildRecord(recipe.parts, lock, architecture),
      }),
      layers: made.map(({ layer }) => layer),
      ...(Object.keys(recipe.annotations).length === 0 ? {} : { annotations: recipe.annotations }),
    },
    packages,
    files: plans.reduce((sum, { groups }) => sum + groups.reduce((own, { files }) => own + files.length, 0), 0),
    bytes: made.reduce((sum, { plainSize }) => sum + plainSize, 0),
  };
}
