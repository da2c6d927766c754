import { CinzelError } from '../../core/errors.ts';
import { probeRuntimes } from './runtimes.ts';

/** What a healthcheck asks: whether a page answers with success, or whether a port takes connections. */
export type Probe = { readonly kind: 'http'; readonly url: string } | { readonly kind: 'tcp'; readonly port: number };

/** The commands of BusyBox that a healthcheck may need where the image has no runtime of its own. */
export type Applet = 'wget' | 'nc' | 'true';

/** A healthcheck in exec form, and the applets that it needs; none where the image's own runtime asks. */
export interface ProbeCommand {
  readonly command: readonly string[];
  readonly applets: readonly Applet[];
}

/** Where applets of healthchecks are, so that no search path finds them. */
export const appletFolder = '/usr/lib/cinzel';

/**
 * How an image without a shell asks: by a script for the runtime that its packages bring, else by applets of a static
 * BusyBox, each of which does that one thing. Throws `usage.value` for a page that these cannot verify.
 */
export function probeCommand(probe: Probe, packages: readonly string[]): ProbeCommand {
  const asked = probe.kind === 'http' ? probe.url : String(probe.port);
  for (const runtime of probeRuntimes) {
    const name = packages.find((one) => runtime.package.test(one));
    if (name !== undefined) return { command: [runtime.program(name), ...runtime[probe.kind], asked], applets: [] };
  }
  if (probe.kind === 'http') return { command: wget(probe.url), applets: ['wget'] };
  const [knock, done] = [`${appletFolder}/nc`, `${appletFolder}/true`];
  return { command: [knock, '-w', '5', '127.0.0.1', asked, '-e', done], applets: ['nc', 'true'] };
}

/** Proxies of the environment are for elsewhere. */
function wget(url: string): readonly string[] {
  if (!url.startsWith('http://')) {
    throw new CinzelError('usage.value', { name: 'healthcheck.http', value: url, allowed: 'http://…' });
  }
  return [`${appletFolder}/wget`, '-q', '-Y', 'off', '-O', '/dev/null', url];
}

/** The same question asked by a program that is there; undefined when it is no runtime that can ask. */
export function probeBy(program: string, probe: Probe): readonly string[] | undefined {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const runtime = probeRuntimes.find(({ names }) => names.test(name));
  if (runtime === undefined) return undefined;
  return [program, ...runtime[probe.kind], probe.kind === 'http' ? probe.url : String(probe.port)];
}
