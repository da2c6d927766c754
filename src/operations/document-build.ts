import type { Architecture } from '../distroless/architectures.ts';
import type { Lock } from '../distroless/lock/model.ts';
import type { LayerCompression } from '../distroless/make-layers.ts';
import { provenance, provenanceType } from '../distroless/provenance.ts';
import type { Recipe } from '../distroless/recipe/model.ts';
import { version } from '../version.ts';
import type { ImageDocument } from './attach-documents.ts';
import { type MadeImage, newImageSboms } from './new-image-sboms.ts';
import type { Toolbox } from './toolbox.ts';

export interface DocumentedBuild {
  readonly made: MadeImage;
  readonly recipe: Recipe;
  readonly lock: Lock;
  readonly architecture: Architecture;
  readonly compression: LayerCompression;
}

/** What is attached to a built image: its SBOMs, and its provenance. */
export async function documentBuild(
  { made, ...facts }: DocumentedBuild,
  toolbox: Toolbox,
): Promise<readonly ImageDocument[]> {
  const predicate = provenance({ ...facts, name: recipeLabel(facts.recipe), version });
  return [
    ...(await newImageSboms(made, toolbox)),
    { predicateType: provenanceType, bytes: Buffer.from(JSON.stringify(predicate)) },
  ];
}

/** A recipe by a name that is the same on every machine: a ready one's own, a file's without its folders. */
function recipeLabel({ name }: Recipe): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
