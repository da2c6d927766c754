import type { Container, PreparedImage } from '../../runtimes/model.ts';
import type { Trace } from '../../runtimes/trace/model.ts';
import { mergeTraces } from '../../runtimes/trace/trace-of.ts';
import { milliseconds } from './duration.ts';
import { crawlPages } from './expand/crawl.ts';
import { openApiRequests } from './expand/openapi.ts';
import type { Answer, ConcreteProbe, Contract, Fields, Probe } from './model.ts';
import { playProbe, probeName } from './probes/play-probe.ts';
import type { Played } from './probes/probe-player.ts';
import { texts } from './probes/process-probes.ts';
import { needsPort, waitUntilReady } from './ready.ts';
import { type PreparedService, startServices } from './services.ts';
import { masked } from './wildcard.ts';

export interface PlayOptions {
  readonly services: readonly PreparedService[];
  /** The probes of an earlier recording, instead of those that crawls and OpenAPI documents lead to now. */
  readonly recorded?: readonly Pick<Answer, 'name' | 'probe'>[];
  readonly trace?: boolean;
  readonly signal: AbortSignal;
}

/** What a contract was answered in one run. */
export interface Playing {
  readonly answers: readonly Answer[];
  readonly trace?: Trace;
  /** What the image logged, for people. */
  readonly log: string;
}

/**
 * Runs an image and plays a contract's probes on it, in their order. An answer that does not come is an answer too: its
 * field `failure` says what is wrong.
 */
export async function playContract(contract: Contract, image: PreparedImage, options: PlayOptions): Promise<Playing> {
  const services = await startServices(options.services, options.signal);
  let container: Container | undefined;
  try {
    const [network] = services;
    const startedAt = performance.now();
    container = await image.start({
      hosts: options.services.map(({ name }) => name),
      trace: options.trace ?? false,
      ...(contract.arguments === undefined ? {} : { arguments: contract.arguments }),
      ...(contract.environment === undefined ? {} : { environment: texts(contract.environment) }),
      ...(network === undefined ? {} : { beside: network }),
    });
    const others = new Set(network === undefined ? [] : await network.listening());
    const problem = await waitUntilReady(container, contract.ready ?? {}, {
      needsPort: needsPort(contract),
      ignored: others,
      signal: options.signal,
    });
    const port = (await container.listening()).find((one) => !others.has(one));
    const traces: Trace[] = [];
    const watching = options.trace === true ? { traces } : {};
    const played = { container, image, startedAt, ...watching, ...(port === undefined ? {} : { port }) };
    const answers = await playAll(contract, { ...options, played, problem });
    const trace = await container.trace();
    const { stdout, stderr } = await container.output();
    const log = Buffer.concat([stdout, stderr]).toString('utf8');
    return { answers, log, ...(trace === undefined ? {} : { trace: mergeTraces([trace, ...traces]) }) };
  } finally {
    await container?.stop();
    await Promise.all(services.map((service) => service.stop()));
  }
}

interface Round extends PlayOptions {
  readonly played: Omit<Played, 'signal'>;
  /** Why the image is not ready. */
  readonly problem: string | undefined;
}

async function playAll(contract: Contract, round: Round): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const names = new Map<string, number>();
  const probes = round.recorded?.map(({ probe }) => probe) ?? contract.probes;
  for (const written of probes) {
    for (const probe of await expand(written, round)) {
      const plain = probeName(probe);
      const count = (names.get(plain) ?? 0) + 1;
      names.set(plain, count);
      const name = count === 1 ? plain : `${plain} (${count})`;
      answers.push({ name, probe, fields: await playOne(probe, round) });
    }
  }
  return answers;
}

const usualWait = '10s';

/** How long a probe may take; what waits by itself is given that time on top. */
function limitOf(probe: Probe): number {
  const own = 'up' in probe ? milliseconds(probe.up) : 0;
  return own + milliseconds(probe.within ?? usualWait);
}

async function expand(probe: Probe, round: Round): Promise<readonly ConcreteProbe[]> {
  if (!('crawl' in probe || 'openapi' in probe)) return [probe];
  const signal = AbortSignal.any([round.signal, AbortSignal.timeout(limitOf(probe) * 6)]);
  const played = { ...round.played, signal };
  try {
    return 'crawl' in probe ? await crawlPages(probe, played) : await openApiRequests(probe, played);
  } catch {
    round.signal.throwIfAborted();
    // The first request of what cannot be followed tells what is wrong with it.
    const { port, tls, version, mask } = probe;
    const http = 'crawl' in probe ? probe.crawl : probe.openapi;
    return [{ http, port, tls, version, mask }];
  }
}

async function playOne(probe: ConcreteProbe, { played, problem, signal }: Round): Promise<Fields> {
  const own = AbortSignal.any([signal, AbortSignal.timeout(limitOf(probe))]);
  try {
    const fields = await Promise.race([playProbe(probe, { ...played, signal: own }), rejectedBy(own)]);
    return Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, masked(text, probe.mask)]));
  } catch (error) {
    signal.throwIfAborted();
    return { failure: problem ?? failureText(error, own) };
  }
}

/** No probe outlasts its time, whatever it waits for. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function failureText(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return 'nobody listens';
  return code === 'ECONNRESET' || code === 'HPE_INVALID_CONSTANT' ? `no answer (${code})` : message;
}
