import type { Container, PreparedImage } from '../../runtimes/model.ts';
import type { Contract } from './model.ts';
import { texts } from './probes/process-probes.ts';
import { waitUntilReady } from './ready.ts';
import type { ServiceDocument } from './schema.ts';

/** Makes a service ready to be started any number of times. */
export type OpenService = (service: ServiceDocument) => Promise<PreparedImage>;

export interface PreparedService {
  readonly name: string;
  readonly document: ServiceDocument;
  readonly image: PreparedImage;
}

/** Prepares what is to run beside an image. */
export async function prepareServices(
  { services = {} }: Contract,
  open: OpenService,
): Promise<readonly PreparedService[]> {
  const prepared: PreparedService[] = [];
  for (const [name, document] of Object.entries(services)) {
    prepared.push({ name, document, image: await open(document) });
  }
  return prepared;
}

/** Starts the services, all in the network of the first, and waits until they are ready. */
export async function startServices(
  services: readonly PreparedService[],
  signal: AbortSignal,
): Promise<readonly Container[]> {
  const started: Container[] = [];
  const hosts = services.map(({ name }) => name);
  try {
    for (const { name, document, image } of services) {
      const { environment, ready = {} } = document;
      const [first] = started;
      const ignored = new Set(first === undefined ? [] : await first.listening());
      const container = await image.start({
        hosts,
        ...(environment === undefined ? {} : { environment: texts(environment) }),
        ...(first === undefined ? {} : { beside: first }),
      });
      started.push(container);
      const problem = await waitUntilReady(container, ready, { needsPort: true, ignored, signal });
      if (problem !== undefined) throw new Error(`the service ${name}: ${problem}`);
    }
    return started;
  } catch (error) {
    await Promise.all(started.map((container) => container.stop()));
    throw error;
  }
}
