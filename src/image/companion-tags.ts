import type { Digest } from '../core/digest.ts';

/**
 * Cosign keeps signatures, attestations and SBOMs of a manifest under tags that are made from its digest
 * (SIGNATURE_SPEC.md, "Tag-based Discovery").
 */
const suffixes = ['sig', 'att', 'sbom'] as const;

export type CompanionKind = (typeof suffixes)[number];

export function companionTag(digest: Digest, kind: CompanionKind): string {
  return `${digest.replace(':', '-')}.${kind}`;
}

export function companionTags(digest: Digest): readonly string[] {
  return suffixes.map((kind) => companionTag(digest, kind));
}

export function isCompanionTag(tag: string): boolean {
  return /^[a-z0-9]+-[0-9a-f]{64,128}\.(?:sig|att|sbom)$/.test(tag);
}
