import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDeb822 } from '../../formats/deb822.ts';

/** Base addresses of Debian's archives. The security archive is one of its own. */
export interface Mirrors {
  readonly main: string;
  readonly security: string;
  /** Where the choice came from. */
  readonly origin: 'given' | 'host' | 'public';
}

export interface MirrorOptions {
  /** From flag, environment or configuration: the address of a main archive. */
  readonly given?: string | undefined;
  /** The host's apt configuration; undefined where the host is no Debian. */
  readonly hostSources: readonly string[];
  /** The time of which a public archive shows the state. */
  readonly now: Date;
}

/**
 * Chooses the archives: what was given, the sources that the host itself uses, else the public archive of all states
 * that Debian ever had. Of a given or host mirror, the security archive is what the host names for it, else the
 * sibling `debian-security` of the main one.
 */
export function chooseMirrors({ given, hostSources, now }: MirrorOptions): Mirrors {
  if (given !== undefined) {
    const main = withoutSlash(given);
    return { main, security: siblingOf(main), origin: 'given' };
  }
  const main = hostSources.find((url) => !isSecurity(url) && /\/debian\/?$/.test(url));
  if (main !== undefined) {
    const security = hostSources.find(isSecurity);
    return {
      main: withoutSlash(main),
      security: security === undefined ? siblingOf(main) : withoutSlash(security),
      origin: 'host',
    };
  }
  // Its states are some hours apart; an address in between means the one before.
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const base = 'https://snapshot.debian.org/archive';
  return { main: `${base}/debian/${stamp}`, security: `${base}/debian-security/${stamp}`, origin: 'public' };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function isSecurity(url: string): boolean {
  return /debian-security\/?$/.test(url);
}

function siblingOf(main: string): string {
  return withoutSlash(main).replace(/\/debian$/, '/debian-security');
}

/** The addresses in the apt configuration of a Debian system (sources.list(5)), one-line and deb822 style; none elsewhere. */
export function readHostSources(root = '/'): readonly string[] {
  if (!/^ID=debian$/m.test(readText(join(root, 'etc/os-release')))) return [];
  const folder = join(root, 'etc/apt/sources.list.d');
  const names = ['../sources.list', ...listNames(folder)];
  const urls = names.flatMap((name) => {
    const text = readText(join(folder, name));
    return name.endsWith('.sources') ? deb822Addresses(text) : name.endsWith('.list') ? oneLineAddresses(text) : [];
  });
  return [...new Set(urls)].filter((url) => /^https?:\/\//.test(url));
}

function deb822Addresses(text: string): readonly string[] {
  return [...parseDeb822(text)].flatMap((stanza) => {
    const enabled = stanza.get('Enabled')?.toLowerCase() !== 'no' && /\bdeb\b/.test(stanza.get('Types') ?? '');
    return enabled ? (stanza.get('URIs') ?? '').split(/\s+/).filter((word) => word !== '') : [];
  });
}

function oneLineAddresses(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)?.[1] ?? []);
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
