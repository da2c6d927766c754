import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../../runtimes/model.ts';
import { milliseconds } from './duration.ts';
import type { Contract } from './model.ts';
import { askHttp } from './probes/http-probe.ts';
import type { ReadyDocument } from './schema.ts';

const pause = 50;
const usualWait = '30s';

export interface ReadyOptions {
  readonly needsPort: boolean;
  /** Ports that others listen on in the same network. */
  readonly ignored?: ReadonlySet<number>;
  readonly signal: AbortSignal;
}

/** Why an image is not ready, for people; undefined when it is. */
export type Unready = string | undefined;

/**
 * Waits until the container is ready: as the contract says, else until it listens on a port when probes need one.
 */
export async function waitUntilReady(
  container: Container,
  ready: ReadyDocument,
  options: ReadyOptions,
): Promise<Unready> {
  const { signal } = options;
  if (ready.after !== undefined) await sleep(milliseconds(ready.after), undefined, { signal });
  const conditions = conditionsOf(container, ready, options);
  const deadline = performance.now() + milliseconds(ready.within ?? usualWait);
  let ended: number | undefined;
  container.ended.then(
    ({ code }) => {
      ended = code;
    },
    () => {},
  );
  for (const holds of conditions) {
    while (!(await holds(signal))) {
      signal.throwIfAborted();
      if (ended !== undefined) return `it ended with code ${ended}${await lastWords(container)}`;
      if (performance.now() > deadline)
        return `it was not ready in ${ready.within ?? usualWait}${await lastWords(container)}`;
      await sleep(pause);
    }
  }
  return undefined;
}

type Condition = (signal: AbortSignal) => Promise<boolean>;

function conditionsOf(
  container: Container,
  ready: ReadyDocument,
  { needsPort, ignored = new Set() }: ReadyOptions,
): readonly Condition[] {
  const { tcp, http, port, log, exec } = ready;
  const conditions: Condition[] = [];
  if (tcp !== undefined) conditions.push(async () => (await container.listening()).includes(tcp));
  if (log !== undefined) {
    const pattern = new RegExp(log, 'mu');
    conditions.push(async () => {
      const { stdout, stderr } = await container.output();
      return pattern.test(Buffer.from(stdout).toString('utf8')) || pattern.test(Buffer.from(stderr).toString('utf8'));
    });
  }
  if (exec !== undefined) {
    conditions.push(
      async (signal) => (await container.execute(exec, { signal }).catch(() => ({ code: 1 }))).code === 0,
    );
  }
  if (http !== undefined) conditions.push((signal) => answersHttp(container, http, { port, signal }));
  if (conditions.length === 0 && needsPort) {
    conditions.push(async () => (await container.listening()).some((one) => !ignored.has(one)));
  }
  return conditions;
}

async function answersHttp(
  container: Container,
  path: string,
  { port, signal }: { readonly port: number | undefined; readonly signal: AbortSignal },
): Promise<boolean> {
  const found = port ?? (await container.listening())[0];
  if (found === undefined) return false;
  const question = { method: 'GET', path, port: found, tls: false, version: '1.1', headers: {} } as const;
  const answer = await askHttp(question, { container, signal }).catch(() => undefined);
  return answer !== undefined && answer.status < 500;
}

/** The last line that it wrote, as that often says what is wrong. */
async function lastWords(container: Container): Promise<string> {
  const { stdout, stderr } = await container.output();
  const text = Buffer.from(stderr.length > 0 ? stderr : stdout).toString('utf8');
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}

/** Whether some probe needs a server to listen. */
export function needsPort({ probes }: Contract): boolean {
  return probes.some((probe) => ['http', 'crawl', 'openapi', 'websocket', 'tcp'].some((kind) => kind in probe));
}
