import { resolve } from 'node:path';
import type { RecipePart } from '../recipe/model.ts';

/** An image that another is made on. */
export interface BaseReference {
  /** As the recipe has it. */
  readonly written: string;
  /** The same, with a path that is absolute. */
  readonly reference: string;
}

const pathKinds = ['oci', 'oci-archive', 'docker-archive'];
const nameKinds = ['registry', 'docker', 'podman', 'containerd'];

/**
 * Whether `from` names an image. Its kind is written in front (`registry:`, `oci:` …): a name alone is that of a recipe,
 * so that a new recipe never changes what an older one means.
 */
export function isImageReference(from: string): boolean {
  const [kind = '', rest] = from.split(':', 2);
  return rest !== undefined && rest !== '' && [...pathKinds, ...nameKinds].includes(kind);
}

/** The image that the first recipe of a chain is made from, if it is made from one; paths are relative to the recipe. */
export function baseReference(parts: readonly RecipePart[]): BaseReference | undefined {
  for (const { document, folder = '' } of parts) {
    const { from: written } = document;
    if (written === undefined || !isImageReference(written)) continue;
    const kind = written.slice(0, written.indexOf(':'));
    const rest = written.slice(kind.length + 1);
    return { written, reference: pathKinds.includes(kind) ? `${kind}:${resolve(folder, rest)}` : written };
  }
  return undefined;
}
