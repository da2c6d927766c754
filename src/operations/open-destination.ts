import { CinzelError } from '../core/errors.ts';
import type { Destination } from '../image/destination.ts';
import { engineAddress } from '../image/engines/socket.ts';
import { formatRegistryName } from '../image/reference.ts';
import type { ImageSink } from '../image/transfer.ts';
import { openRegistryClient } from './registry-client.ts';
import type { Toolbox } from './toolbox.ts';

export interface DestinationOptions {
  /** Repository and tag for an engine or a Docker archive whose destination names none. */
  readonly imageName?: string;
  /** Where the image comes from, when that is a registry. */
  readonly source?: { readonly host: string; readonly repository: string };
}

/** The tag that the image gets where the destination keeps tags and names none. */
export function destinationTag(destination: Destination): string {
  switch (destination.kind) {
    case 'oci':
    case 'oci-archive':
      return destination.tag ?? 'latest';
    case 'registry':
      return destination.name.tag ?? 'latest';
    case 'docker-archive':
    case 'docker':
    case 'podman':
      return 'latest';
  }
}

/** What an image is called once it is written: as the registry names it where it goes to one, else as it is given. */
export function writtenName(
  destination: Destination,
  { name, tag }: { readonly name: string; readonly tag: string },
): { readonly name: string; readonly registry?: string } {
  if (destination.kind !== 'registry') return { name };
  return { name: formatRegistryName({ ...destination.name, tag }), registry: destination.name.registry };
}

/** Opens the place that an image is written to. Nothing is there before the sink's `commit`. */
export async function openDestination(
  destination: Destination,
  options: DestinationOptions,
  toolbox: Toolbox,
): Promise<ImageSink> {
  const { context } = toolbox;
  switch (destination.kind) {
    case 'oci':
      return (await import('../image/writer/layout-sink.ts')).openLayoutSink(destination.path, context);
    case 'oci-archive':
      return (await import('../image/writer/oci-archive-sink.ts')).openOciArchiveSink(destination.path, context);
    case 'docker-archive': {
      const { openDockerArchiveSink } = await import('../image/writer/docker-archive-sink.ts');
      return openDockerArchiveSink(destination.path, { context, ...nameOf(destination, options) });
    }
    case 'registry':
      return openRegistrySink(destination, options, toolbox);
    case 'docker':
    case 'podman':
      return openEngineSink(destination, options, toolbox);
  }
}

type EngineDestination = Extract<Destination, { readonly kind: 'docker' | 'podman' }>;
type RegistryDestination = Extract<Destination, { readonly kind: 'registry' }>;

function nameOf(destination: { readonly name?: string }, { imageName }: DestinationOptions): { name?: string } {
  const name = destination.name ?? imageName;
  return name === undefined ? {} : { name };
}

async function openRegistrySink(
  { name }: RegistryDestination,
  { source }: DestinationOptions,
  toolbox: Toolbox,
): Promise<ImageSink> {
  const { registrySink } = await import('../image/writer/registry-sink.ts');
  const client = await openRegistryClient(name.registry, { withLogin: true }, toolbox);
  const mountFrom = source?.host === name.registry ? { mountFrom: source.repository } : {};
  return registrySink(client, name, { context: toolbox.context, ...mountFrom });
}

async function openEngineSink(
  destination: EngineDestination,
  options: DestinationOptions,
  toolbox: Toolbox,
): Promise<ImageSink> {
  const { engineSink } = await import('../image/writer/engine-sink.ts');
  const { environment, configuration, context } = toolbox;
  const { kind: engine } = destination;
  const host = engine === 'docker' ? configuration.get('docker.host') : undefined;
  const address = engineAddress(engine, { environment, ...(host === undefined ? {} : { host }) });
  if (address === undefined) throw new CinzelError('environment.engine', { engine, problem: 'no-socket' });
  return engineSink({ context, http: await toolbox.http(), engine, address, ...nameOf(destination, options) });
}
