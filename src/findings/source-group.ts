import type { Package } from '../inventory/model.ts';

/** `TYPE/SOURCE@SOURCE-VERSION`: what an upgrade upgrades, and what counts are by. */
export function sourceGroup({
  type,
  name,
  version,
  source,
}: Pick<Package, 'type' | 'name' | 'version' | 'source'>): string {
  return `${type}/${source?.name ?? name}@${source?.version ?? version}`;
}
