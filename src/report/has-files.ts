import type { ImageSummary } from './model.ts';

/** Whether files were looked at: an SBOM lists packages and tells nothing of size, user, shells or layers. */
export function hasFiles({ layers }: Pick<ImageSummary, 'layers'>): boolean {
  return layers.length > 0;
}
