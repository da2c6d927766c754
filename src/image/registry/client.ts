import type { Digest } from '../../core/digest.ts';
import type { Limits } from '../../core/limits.ts';
import type { HttpClient } from '../../net/http.ts';
import type { Descriptor } from '../model.ts';
import { type BlobUpload, type UploadOutcome, uploadBlob } from './blob-upload.ts';
import { type BlobDescriptor, hasBlob, readBlob } from './blobs.ts';
import { type Connection, createConnection } from './connection.ts';
import type { Credential } from './credentials/credential.ts';
import { findCredential } from './credentials/find-credential.ts';
import { baseUrl, type Endpoint, mirrorEndpoint, registryEndpoint } from './endpoint.ts';
import { mayFailOver } from './fail-over.ts';
import { type FetchedManifest, getManifest, headManifest, type ManifestToPut, putManifest } from './manifests.ts';
import { addReferrer, listReferrers } from './referrers.ts';
import { listTags } from './tags.ts';

export interface RegistryOptions {
  /** As a reference names it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  readonly http: HttpClient;
  /** Where the container tools' credentials are looked up. */
  readonly environment: NodeJS.ProcessEnv;
  /** Goes to this registry only, instead of what the container tools know. */
  readonly login?: { readonly username: string; readonly password: string };
  /** `HOST[:PORT][/PREFIX]`, asked in this order before the registry itself, for reading only. */
  readonly mirrors?: readonly string[];
  /** Hosts that may be spoken to without TLS; the HTTP client must know them too to skip the check of certificates. */
  readonly insecureHosts?: readonly string[];
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** A registry (OCI distribution specification 1.1). Every digest of what it gives is verified. */
export interface RegistryClient {
  readonly registry: string;
  /** A manifest or index by tag or digest. Throws `environment.not-found`, `untrusted.digest`. */
  getManifest(repository: string, reference: string): Promise<FetchedManifest>;
  /** What a tag or digest names; undefined when there is nothing, or the registry does not tell. */
  headManifest(repository: string, reference: string): Promise<Descriptor | undefined>;
  /** Stores a manifest whose blobs are there; one with a subject is listed as its referrer. */
  putManifest(repository: string, reference: string, manifest: ManifestToPut): Promise<Digest>;
  /** Streams a blob, going on where it was cut; ends with `untrusted.digest` if it was not the blob. */
  readBlob(repository: string, blob: BlobDescriptor, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  hasBlob(repository: string, digest: Digest): Promise<boolean>;
  putBlob(repository: string, upload: BlobUpload): Promise<UploadOutcome>;
  tags(repository: string): Promise<readonly string[]>;
  /** What refers to a manifest, of one artifact type if one is given. */
  referrers(repository: string, subject: Digest, artifactType?: string): Promise<readonly Descriptor[]>;
}

export function createRegistryClient(options: RegistryOptions): RegistryClient {
  const { registry, mirrors = [], insecureHosts = [], limits, signal } = options;
  const limit = limits.documentBytes;
  const origin = connector(registryEndpoint(registry, insecureHosts), options, options.login);
  const copies = mirrors.map((mirror) => connector(mirrorEndpoint(mirror, insecureHosts), options, undefined));

  /** What the first of the mirrors answers that can, else what the registry itself answers. */
  async function read<Value>(repository: string, ask: (connection: Connection) => Promise<Value>): Promise<Value> {
    for (const copy of copies) {
      try {
        const answer = await ask(copy(repository));
        if (answer !== undefined) return answer;
      } catch (error) {
        if (!mayFailOver(error)) throw error;
      }
    }
    return ask(origin(repository));
  }

  return {
    registry,
    getManifest: (repository, reference) => read(repository, (from) => getManifest(from, reference, limit)),
    headManifest: (repository, reference) => read(repository, (from) => headManifest(from, reference)),
    putManifest: async (repository, reference, manifest) => {
      const { digest, listsReferrer } = await putManifest(origin(repository), reference, manifest);
      if (!listsReferrer) await addReferrer(origin(repository), manifest, limit);
      return digest;
    },
    readBlob: (repository, blob, stop = signal) => {
      const connections = [...copies, origin].map((connection) => connection(repository));
      return readBlob(connections, blob, stop);
    },
    hasBlob: (repository, digest) => hasBlob(origin(repository), digest),
    putBlob: (repository, upload) => uploadBlob(origin(repository), upload),
    tags: (repository) => listTags(origin(repository), limit),
    referrers: async (repository, subject, artifactType) => {
      const all = await listReferrers(origin(repository), subject, limit);
      return artifactType === undefined ? all : all.filter((item) => item.artifactType === artifactType);
    },
  };
}

/** Makes connections to the repositories of one endpoint, one for each. */
function connector(
  endpoint: Endpoint,
  { http, environment, signal }: RegistryOptions,
  login: RegistryOptions['login'],
): (repository: string) => Connection {
  const known = new Map<string, Connection>();
  const base = once(() => baseUrl(endpoint, http, signal));
  return (repository) => {
    const credential = once(async (): Promise<Credential | undefined> => {
      if (login !== undefined) return { kind: 'basic', ...login };
      return findCredential(endpoint.registry, `${endpoint.prefix}${repository}`, environment);
    });
    const connection =
      known.get(repository) ?? createConnection({ http, endpoint, base, repository, credential, signal });
    known.set(repository, connection);
    return connection;
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
