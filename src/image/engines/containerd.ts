import { spawn } from 'node:child_process';
import { digestAlgorithm, hashFor, isDigest } from '../../core/digest.ts';
import { CinzelError } from '../../core/errors.ts';
import { said } from '../../core/problems.ts';
import { imageLayers, isIndexType, parseImageConfig, parseIndex, parseManifest } from '../manifest.ts';
import type { Descriptor, Image, Platform } from '../model.ts';
import { selectPlatform } from '../platform.ts';
import { parseRegistryName } from '../reference.ts';

export interface ContainerdOptions {
  readonly typed: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly documentBytes: number;
  readonly platform?: Platform;
}

/** Deeper nesting of indexes is a cycle or an attack. */
const nestingLimit = 4;

/**
 * Opens an image that containerd holds, through its own client `ctr`: documents and layers are read from its content
 * store one by one, so nothing is exported. Undefined when containerd has no such image.
 */
export async function openContainerdImage(name: string, options: ContainerdOptions): Promise<Image | undefined> {
  const found = await findImage(name, options);
  if (found === undefined) return undefined;
  const descriptor = await resolve(found.target, options);
  const rawManifest = await content(descriptor.digest, options);
  const manifest = parseManifest(rawManifest, name);
  const rawConfig = await content(manifest.config.digest, options);
  const parsed = parseImageConfig(rawConfig, name);
  return {
    reference: options.typed,
    name: found.name,
    digest: descriptor.digest,
    id: manifest.config.digest,
    platform: parsed.platform,
    ...(parsed.created === undefined ? {} : { created: parsed.created }),
    config: parsed.config,
    history: parsed.history,
    layers: imageLayers(manifest, parsed).map((layer) => {
      const { digest } = layer;
      if (digest === undefined) return layer;
      return { ...layer, blob: { kind: 'stream', open: () => run(['content', 'get', digest], options) } };
    }),
    rawManifest,
    rawConfig,
    close: async () => {},
  };
}

interface Found {
  readonly name: string;
  readonly target: Descriptor;
}

/** `ctr images list` gives a table: name, media type, digest, size … */
async function findImage(name: string, options: ContainerdOptions): Promise<Found | undefined> {
  const full = fullName(name);
  const table = Buffer.concat(await collect(run(['images', 'list'], options), options.documentBytes)).toString('utf8');
  for (const line of table.split('\n').slice(1)) {
    const [listed = '', mediaType = '', digest] = line.trim().split(/\s+/);
    if ((listed === name || listed === full) && isDigest(digest))
      return { name: listed, target: { mediaType, digest, size: 0 } };
  }
  return undefined;
}

/** containerd keeps names in full: `docker.io/library/nginx:latest`. */
function fullName(name: string): string {
  try {
    const { registry, repository, tag, digest } = parseRegistryName(name);
    return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  } catch {
    return name;
  }
}

async function resolve(target: Descriptor, options: ContainerdOptions): Promise<Descriptor> {
  let descriptor = target;
  for (let depth = 0; depth < nestingLimit; depth++) {
    if (!isIndexType(descriptor.mediaType)) return descriptor;
    descriptor = selectPlatform(parseIndex(await content(descriptor.digest, options), options.typed), options.platform);
  }
  throw new CinzelError('untrusted.malformed', { what: options.typed, problem: 'deep-indexes' });
}

async function content(digest: Descriptor['digest'], options: ContainerdOptions): Promise<Uint8Array> {
  const bytes = Buffer.concat(await collect(run(['content', 'get', digest], options), options.documentBytes));
  const actual = `${digestAlgorithm(digest)}:${hashFor(digest).update(bytes).digest('hex')}`;
  if (actual !== digest) throw new CinzelError('untrusted.digest', { what: options.typed, expected: digest, actual });
  return bytes;
}

async function collect(source: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    length += part.length;
    if (length > limit) throw new CinzelError('untrusted.limit', { limit: 'documentBytes', value: limit, what: 'ctr' });
    parts.push(part);
  }
  return parts;
}

/** The output of `ctr`; address and namespace come from its own variables. */
async function* run(args: readonly string[], { environment, signal }: ContainerdOptions): AsyncGenerator<Uint8Array> {
  const namespace = environment['CONTAINERD_NAMESPACE'] ?? 'default';
  const child = spawn('ctr', ['--namespace', namespace, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
    signal,
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString('utf8')}`.slice(-500);
  });
  const ended = new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  ended.catch(() => {});
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    if ((await ended) === 0) return;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new CinzelError(
      'environment.missing-tool',
      { tool: 'ctr', install: 'apt-get install containerd' },
      { cause },
    );
  } finally {
    child.kill();
  }
  throw new CinzelError('environment.engine', {
    engine: 'containerd',
    problem: said(complaint.trim().split('\n').at(-1) ?? ''),
  });
}
