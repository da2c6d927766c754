import { provenanceType } from '../distroless/provenance.ts';
import { openVex, openVexType } from '../distroless/slim/open-vex.ts';
import { type SlimFacts, slimProvenance } from '../distroless/slim/slim-provenance.ts';
import type { PlanVulnerability } from '../distroless/slim/vulnerabilities.ts';
import type { Package } from '../inventory/model.ts';
import { version } from '../version.ts';
import type { ImageDocument } from './attach-documents.ts';
import { type MadeImage, newImageSboms } from './new-image-sboms.ts';
import type { Toolbox } from './toolbox.ts';

export interface DocumentedSlim extends Omit<SlimFacts, 'version' | 'encoder'> {
  readonly made: MadeImage;
  /** When the image was made. */
  readonly created: string;
  /** Vulnerabilities whose code is gone while their package is listed. */
  readonly codeGone: readonly PlanVulnerability[];
  readonly packages: readonly Package[];
}

/** What is attached to a slimmed image: its SBOMs, its provenance, and what it is no longer affected by. */
export async function documentSlim(facts: DocumentedSlim, toolbox: Toolbox): Promise<readonly ImageDocument[]> {
  const { reproducibleGzip } = await import('../image/writer/reproducible-gzip.ts');
  const { name, version: encoderVersion, level } = reproducibleGzip;
  const { made, created, codeGone, packages, ...rest } = facts;
  const provenance = slimProvenance({ ...rest, encoder: `${name} ${encoderVersion}, level ${level}`, version });
  const documents = [...(await newImageSboms(made, toolbox)), document(provenanceType, provenance)];
  if (codeGone.length === 0) return documents;
  const repository = made.name.replace(/:[\w.-]*$/, '');
  const { digest } = made.manifest.descriptor;
  const vex = openVex({ name: repository, digest, created, vulnerabilities: codeGone, packages });
  return [...documents, document(openVexType, vex)];
}

function document(predicateType: string, predicate: object): ImageDocument {
  return { predicateType, bytes: Buffer.from(JSON.stringify(predicate)) };
}
