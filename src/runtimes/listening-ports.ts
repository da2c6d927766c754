import { readFile } from 'node:fs/promises';

const listening = '0A';

/** TCP ports that some process listens on in the network of this one (proc_pid_net(5)), ascending. */
export async function listeningPorts(pid: number): Promise<readonly number[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  const ports = tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      return state === listening ? [Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)] : [];
    }),
  );
  return [...new Set(ports)].sort((a, b) => a - b);
}
