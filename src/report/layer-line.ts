import type { Catalogue } from '../i18n/catalogue.ts';
import { dockerfileLine } from './dockerfile-line.ts';
import type { ScanResult } from './model.ts';

/** Whether the base image brought a layer, as far as the base is known. */
export function isOfBase({ image }: ScanResult, layer: number): boolean {
  return layer < (image.base?.layers ?? 0);
}

/** The Dockerfile line that made a layer, or that the image does not say. Not escaped. */
export function layerLine(result: ScanResult, layer: number, catalogue: Pick<Catalogue, 'report'>): string {
  const createdBy = result.image.layers[layer]?.createdBy ?? '';
  return dockerfileLine(createdBy) || catalogue.report.unknownInstruction;
}
