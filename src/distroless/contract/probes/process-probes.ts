import type { Executed } from '../../../runtimes/model.ts';
import { contentText } from '../body-text.ts';
import type { ExecProbe, Fields, RunProbe } from '../model.ts';
import type { Played } from './probe-player.ts';

type Part = NonNullable<ExecProbe['compare']>[number];

/** What a healthcheck or a tool tells on stderr is often of the moment. */
const usual: readonly Part[] = ['code', 'stdout'];

/** Runs a command inside the container. */
export async function playExec({ exec, stdin, compare }: ExecProbe, { container, signal }: Played): Promise<Fields> {
  const executed = await container.execute(exec, { signal, ...(stdin === undefined ? {} : { stdin }) });
  signal.throwIfAborted();
  return fieldsOf(executed, compare ?? usual);
}

/** Runs the image with other arguments, to its end. */
export async function playRun(probe: RunProbe, { image, signal, traces }: Played): Promise<Fields> {
  const { run, command, stdin, environment, compare } = probe;
  const container = await image.start({
    trace: traces !== undefined,
    ...(command === undefined ? { arguments: run } : { command: [...command, ...run] }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(environment === undefined ? {} : { environment: texts(environment) }),
  });
  try {
    const { code } = await Promise.race([container.ended, aborted(signal)]);
    const trace = await container.trace();
    if (trace !== undefined) traces?.push(trace);
    return fieldsOf({ code, ...(await container.output()) }, compare ?? usual);
  } finally {
    await container.stop();
  }
}

/** Variables as texts. */
export function texts(
  environment: Readonly<Record<string, string | number | boolean>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function fieldsOf({ code, stdout, stderr }: Executed, compare: readonly Part[]): Fields {
  return {
    ...(compare.includes('code') ? { code: String(code) } : {}),
    ...(compare.includes('stdout') ? { stdout: contentText(stdout) } : {}),
    ...(compare.includes('stderr') ? { stderr: contentText(stderr) } : {}),
  };
}
