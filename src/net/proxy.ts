import { BlockList, isIP } from 'node:net';

/**
 * The proxy for an address by the environment's conventions (curl(1), "Environment"): http_proxy, https_proxy,
 * all_proxy and their upper-case forms, and no_proxy for hosts to ask directly. Undefined when there is none.
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): string | undefined {
  const proxy = variable(environment, `${url.protocol.slice(0, -1)}_proxy`) ?? variable(environment, 'all_proxy');
  if (proxy === undefined || isExempt(url, variable(environment, 'no_proxy') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** An empty variable counts as none. */
function variable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}

function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list.split(/[,\s]+/).some((entry) => entry !== '' && exempts(entry.toLowerCase(), host, port));
}

/** An entry is `*`, a domain with everything below it, a host with its port, an IP address, or a network in CIDR notation. */
function exempts(entry: string, host: string, port: string): boolean {
  if (entry === '*' || entry === host) return true;
  if (entry.includes('/')) return holds(entry, host);
  const [, named = entry, wantedPort] = /^(.*?):(\d+)$/.exec(isIP(entry) === 6 ? '' : entry) ?? [];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const domain = named.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return domain !== '' && (host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`)));
}

function holds(network: string, host: string): boolean {
  const [address = '', prefix = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(prefix)) return false;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), type);
  return list.check(host, type);
}
