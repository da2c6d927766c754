import type { Digest } from '../../core/digest.ts';
import type { LayerCompression } from '../make-layers.ts';

export interface SlimFacts {
  /** The source by a name that says nothing of the machine; absent for a file. */
  readonly source?: string;
  /** Of the source's manifest, or of its configuration where it has none. */
  readonly sourceDigest?: Digest;
  readonly compression: LayerCompression;
  readonly encoder: string;
  /** What the user said about what is kept. */
  readonly choices: Readonly<Record<string, unknown>>;
  /** Of Cinzel. */
  readonly version: string;
}

/** How a slimmed image was made (slsa.dev/spec/v1.0/provenance), without times and places. */
export function slimProvenance(facts: SlimFacts): object {
  const { source, sourceDigest, compression, encoder, choices, version } = facts;
  const [algorithm = '', hash = ''] = (sourceDigest ?? '').split(':');
  const image = {
    ...(source === undefined ? {} : { name: source }),
    ...(hash === '' ? {} : { digest: { [algorithm]: hash } }),
  };
  return {
    buildDefinition: {
      buildType: 'urn:cinzel:slim:1',
      externalParameters: { ...choices, compression },
      internalParameters: { encoder },
      resolvedDependencies: [image],
    },
    runDetails: { builder: { id: 'urn:cinzel', version: { cinzel: version } } },
  };
}
