import { isRoot } from '../slim/nonroot.ts';
import type { ProfileFacts } from './model.ts';

/** What servers that begin as root and become others use: nginx, Apache, PHP-FPM, gosu. */
const changingUsers = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETUID'] as const;

/** Capabilities (capabilities(7), without `CAP_`) that remain when all are dropped and these are added, in order. */
export function capabilitiesOf({ config, account, needs }: ProfileFacts): readonly string[] {
  const changes = isRoot(String(account.uid)) && needs.some(({ kind }) => kind === 'program');
  return [...(changes ? changingUsers : []), ...(lowPorts(config).length > 0 ? ['NET_BIND_SERVICE'] : [])].sort();
}

/** Exposed ports, `80/tcp`, that only a privileged process may listen on. */
export function lowPorts({ exposedPorts = [] }: ProfileFacts['config']): readonly string[] {
  return exposedPorts.filter((port) => Number.parseInt(port, 10) < 1024);
}
