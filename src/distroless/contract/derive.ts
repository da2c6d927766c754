import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageConfig } from '../../image/model.ts';
import type { Container, PreparedImage } from '../../runtimes/model.ts';
import type { Contract, Probe } from './model.ts';
import { askHttp } from './probes/http-probe.ts';

/** So long a server has to stay up. */
const staying = 5_000;
/** After its first port, a server opens the others soon. */
const settling = 1_000;
const pause = 100;

/**
 * The contract of an image that nobody wrote one for: that it starts and stays up, that each port which it opens answers
 * as before, and its healthcheck. Of an image that ends by itself: its code and what it prints.
 */
export async function deriveContract(
  image: PreparedImage,
  config: ImageConfig,
  signal: AbortSignal,
): Promise<Contract> {
  const container = await image.start();
  try {
    const ports = await openedPorts(container, signal);
    if (ports === undefined) return { probes: [{ run: [], within: '30s' }] };
    const answering: Probe[] = [];
    for (const port of ports) answering.push(await portProbe(container, port, signal));
    const check = healthcheck(config);
    const exec: readonly Probe[] = check === undefined ? [] : [{ name: 'healthcheck', exec: [...check] }];
    const [first] = ports;
    return {
      ...(first === undefined ? {} : { ready: { tcp: first } }),
      probes: [...answering, ...exec, { up: `${staying}ms` }],
    };
  } finally {
    await container.stop();
  }
}

/** The ports that it opened as long as it was watched; undefined when it ended meanwhile. */
async function openedPorts(container: Container, signal: AbortSignal): Promise<readonly number[] | undefined> {
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  container.ended.then(end, end);
  const start = performance.now();
  let changed = start;
  let ports: readonly number[] = [];
  while (performance.now() - start < staying && !(ports.length > 0 && performance.now() - changed > settling)) {
    await sleep(pause, undefined, { signal });
    if (ended) return undefined;
    const now = await container.listening();
    if (now.length !== ports.length) changed = performance.now();
    ports = now;
  }
  return ports;
}

/** A request where HTTP is spoken, else a connection. */
async function portProbe(container: Container, port: number, signal: AbortSignal): Promise<Probe> {
  const question = { method: 'GET', path: '/', port, version: '1.1', headers: {} } as const;
  for (const tls of [false, true]) {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(3_000)]);
    const answer = await askHttp({ ...question, tls }, { container, signal: limited }).catch(() => undefined);
    signal.throwIfAborted();
    // A server that speaks HTTP over TLS tells those off who do not.
    if (answer !== undefined && (tls || answer.status !== 400)) return { http: '/', port, ...(tls ? { tls } : {}) };
  }
  return { tcp: port };
}

function healthcheck({ healthcheck: check, shell }: ImageConfig): readonly string[] | undefined {
  const [kind, ...words] = check?.test ?? [];
  if (kind === 'CMD' && words.length > 0) return words;
  return kind === 'CMD-SHELL' ? [...(shell ?? ['/bin/sh', '-c']), words.join(' ')] : undefined;
}
