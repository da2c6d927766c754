import { compareText } from '../../../core/compare-text.ts';
import type { Package } from '../../../inventory/model.ts';
import type { ScanResult } from '../../model.ts';
import { imageReference, packageReference, systemReference } from './packages.ts';

/**
 * Relationships (section 11): the document describes the image, the image contains the system and every package, a
 * package contains what it owns and depends on what its manager says.
 */
export function createRelationships(result: ScanResult): readonly object[] {
  const references = new Map(result.packages.map((item) => [item.id, packageReference(item)]));
  return [
    relationship('SPDXRef-DOCUMENT', 'DESCRIBES', imageReference),
    ...(result.image.os === undefined ? [] : [relationship(imageReference, 'CONTAINS', systemReference)]),
    ...result.packages.flatMap((item) => relationshipsOf(item, references)),
  ];
}

function relationshipsOf(item: Package, references: ReadonlyMap<string, string>): readonly object[] {
  const own = packageReference(item);
  const owner = item.ownedBy === undefined ? undefined : references.get(item.ownedBy);
  const needs = (item.dependsOn ?? []).flatMap((id) => references.get(id) ?? []).filter((id) => id !== own);
  return [
    relationship(imageReference, 'CONTAINS', own),
    ...(owner === undefined ? [] : [relationship(owner, 'CONTAINS', own)]),
    ...[...new Set(needs)].toSorted(compareText).map((need) => relationship(own, 'DEPENDS_ON', need)),
  ];
}

function relationship(from: string, type: string, to: string): object {
  return { spdxElementId: from, relationshipType: type, relatedSpdxElement: to };
}
