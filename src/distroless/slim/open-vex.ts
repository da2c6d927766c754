import { type Digest, sha256 } from '../../core/digest.ts';
import type { Package } from '../../inventory/model.ts';
import type { PlanVulnerability } from './vulnerabilities.ts';

/** The predicate type of OpenVEX (github.com/openvex/spec, version 0.2.0). */
export const openVexType = 'https://openvex.dev/ns/v0.2.0';

export interface VexFacts {
  /** What the image is called, without its tag. */
  readonly name: string;
  /** Of its manifest. */
  readonly digest: Digest;
  /** When the image was made, as ISO 8601. */
  readonly created: string;
  /** Vulnerabilities of packages whose code is gone. */
  readonly vulnerabilities: readonly PlanVulnerability[];
  /** Of the source image. */
  readonly packages: readonly Package[];
}

/** Says of vulnerabilities in packages that remain in part that their code is not there. Equal facts give equal bytes. */
export function openVex({ name, digest, created, vulnerabilities, packages }: VexFacts): object {
  const purls = new Map(packages.map(({ id, purl }) => [id, purl]));
  const image = `pkg:oci/${encodeURIComponent(name.slice(name.lastIndexOf('/') + 1))}@${encodeURIComponent(digest)}`;
  const statements = vulnerabilities.map(({ id, packages: affected }) => ({
    vulnerability: { name: id },
    products: [{ '@id': image, subcomponents: affected.flatMap((one) => purls.get(one) ?? []).map(subcomponent) }],
    status: 'not_affected',
    justification: 'vulnerable_code_not_present',
    impact_statement: 'No code file of any package of this source is in the image.',
  }));
  return {
    '@context': openVexType,
    '@id': `urn:cinzel:vex:${sha256(JSON.stringify([image, statements])).slice('sha256:'.length)}`,
    author: 'Cinzel',
    timestamp: created,
    version: 1,
    statements,
  };
}

function subcomponent(purl: string): object {
  return { '@id': purl };
}
