import { isCinzelError } from '../../core/errors.ts';
import { isCertificateProblem } from '../../core/problems.ts';
import type { HttpClient } from '../../net/http.ts';

/** A server that speaks the distribution specification, and how it names what the registry has. */
export interface Endpoint {
  /** What credentials are looked up for. */
  readonly registry: string;
  readonly host: string;
  /** Put before each repository's name, as path-based mirrors want it: empty, or ending in a slash. */
  readonly prefix: string;
  readonly protocol: 'https:' | 'http:' | 'either';
}

/** The server of a registry: Docker Hub answers at another name than it has. */
export function registryEndpoint(registry: string, insecureHosts: readonly string[]): Endpoint {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return { registry, host, prefix: '', protocol: protocolOf(host, insecureHosts) };
}

/** The server of a mirror: `HOST[:PORT][/PREFIX]`, with `http://` or `https://` before it if need be. */
export function mirrorEndpoint(mirror: string, insecureHosts: readonly string[]): Endpoint {
  const scheme = /^(https?:)\/\//.exec(mirror)?.[1];
  const [host = '', ...path] = mirror.slice(scheme === undefined ? 0 : scheme.length + 2).split('/');
  const names = path.filter((name) => name !== '');
  const prefix = names.length === 0 ? '' : `${names.join('/')}/`;
  const protocol = scheme === 'http:' || scheme === 'https:' ? scheme : protocolOf(host, insecureHosts);
  return { registry: host, host, prefix, protocol };
}

/** Plain HTTP is tried for hosts that are named as insecure, and for this machine, whose packets nobody else sees. */
function protocolOf(host: string, insecureHosts: readonly string[]): Endpoint['protocol'] {
  const name = host.replace(/:\d+$/, '');
  const isLoopback = name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
  return isLoopback || insecureHosts.includes(host) || insecureHosts.includes(name) ? 'either' : 'https:';
}

/** The address of the endpoint's API; asks the server whether it speaks TLS where that is open. */
export async function baseUrl(endpoint: Endpoint, http: HttpClient, signal: AbortSignal): Promise<URL> {
  const { protocol, host } = endpoint;
  if (protocol !== 'either') return new URL(`${protocol}//${host}/v2/`);
  const secure = new URL(`https://${host}/v2/`);
  try {
    const answer = await http.request(secure, { signal, retries: 0, accept: [401] });
    await answer.discard();
    return secure;
  } catch (error) {
    if (isCinzelError(error, 'environment.network') && !isCertificateProblem(error.parameters.problem)) {
      return new URL(`http://${host}/v2/`);
    }
    if (isCinzelError(error, 'environment.http', 'environment.unauthorized')) return secure;
    throw error;
  }
}
