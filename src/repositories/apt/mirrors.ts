import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CinzelError } from '../../core/errors.ts';
import { type ArchiveCredential, parseAuthFile, splitUserInfo } from './credentials.ts';
import { folderAddress, isRecorded, parseMirror, securitySibling, withoutSlash } from './mirror-address.ts';
import { parseSources, type SourceEntry } from './sources-list.ts';

/** Base addresses of archives, without a slash at their end and without secrets: `http:`, `https:` or `file:`. */
export interface Mirrors {
  readonly main: string;
  /** Debian's security archive is one of its own. */
  readonly security: string;
  /** Archives besides Debian's, by the name that suites call them. */
  readonly others?: Readonly<Record<string, string>>;
  readonly credentials?: readonly ArchiveCredential[];
  /** Where the choice came from. */
  readonly origin: 'given' | 'image' | 'host' | 'public';
}

export interface MirrorOptions {
  /** From flag, environment or configuration: the address, or the folder, of a main archive. */
  readonly given?: string | undefined;
  /** What the image itself says, where the user allowed to follow it. */
  readonly imageSources?: readonly SourceEntry[];
  /** The host's apt configuration; empty where the host is no Debian. */
  readonly hostSources: readonly SourceEntry[];
  readonly hostCredentials?: readonly ArchiveCredential[];
  /** The time of which a public archive shows the state. */
  readonly now: Date;
}

/**
 * Chooses the archives: what was given, the image's own sources where they may be used, the sources that the host
 * uses, else the public archive of all states that Debian ever had. Throws `usage.value` for an address that is none.
 */
export function chooseMirrors(options: MirrorOptions): Mirrors {
  const { given, imageSources = [], hostSources, hostCredentials = [], now } = options;
  if (given !== undefined) return givenMirrors(given, hostCredentials);
  // Folders that an image names are not those of this machine, and what it names gets no credential of this machine.
  const remote = imageSources.filter(({ url }) => /^https?:\/\//.test(url));
  const found = fromSources(remote, [], 'image') ?? fromSources(hostSources, hostCredentials, 'host');
  if (found !== undefined) return found;
  // Its states are some hours apart; an address in between means the one before.
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const main = `https://snapshot.debian.org/archive/debian/${stamp}`;
  return { main, security: securitySibling(main), origin: 'public' };
}

/** The address of the archive that a suite names. Throws `environment.unknown-archive`. */
export function archiveAddress(mirrors: Pick<Mirrors, 'main' | 'security' | 'others'>, archive: string): string {
  if (archive === 'main' || archive === 'security') return mirrors[archive];
  const address = mirrors.others?.[archive];
  if (address === undefined || isRecorded(address)) throw new CinzelError('environment.unknown-archive', { archive });
  return address;
}

function givenMirrors(given: string, hostCredentials: readonly ArchiveCredential[]): Mirrors {
  const { url, credential } = splitUserInfo(parseMirror(given));
  const main = withoutSlash(url);
  const security = securitySibling(main);
  const own = credential === undefined ? [] : [credential, { ...credential, path: new URL(security).pathname }];
  return { main, security, credentials: [...own, ...hostCredentials], origin: 'given' };
}

function fromSources(
  sources: readonly SourceEntry[],
  credentials: readonly ArchiveCredential[],
  origin: 'image' | 'host',
): Mirrors | undefined {
  const usable = sources.filter(({ url }) => /^(https?:\/\/|file:\/|copy:\/)/.test(url));
  const [main, security] = [usable.find(isMain), usable.find(isSecurity)].map(
    (entry) => entry && splitUserInfo(/^https?:/.test(entry.url) ? entry.url : folderAddress(entry.url)),
  );
  if (main === undefined) return undefined;
  const own = [main, security].flatMap((one) => one?.credential ?? []);
  return {
    main: withoutSlash(main.url),
    security: withoutSlash(security?.url ?? securitySibling(withoutSlash(main.url))),
    credentials: [...own, ...credentials],
    origin,
  };
}

const debianSuites =
  /^(buster|bullseye|bookworm|trixie|forky|duke|oldoldstable|oldstable|stable|testing|unstable|sid)(-updates)?$/;

/** Debian's own archive under any host name: by the folder it lies in, or by the names of suite and component. */
function isMain(entry: SourceEntry): boolean {
  if (isSecurity(entry)) return false;
  const lies = /\/debian(\/\d{8}T\d{6}Z)?\/?$/.test(entry.url);
  return lies || (debianSuites.test(entry.suite) && entry.components.includes('main'));
}

function isSecurity({ url, suite }: SourceEntry): boolean {
  return /(-security|\/updates)$/.test(suite) || /\/debian-security(\/\d{8}T\d{6}Z)?\/?$/.test(url);
}

/** The sources in the apt configuration of a Debian system; none elsewhere. */
export function readHostSources(root = '/'): readonly SourceEntry[] {
  if (!/^ID=debian$/m.test(readText(join(root, 'etc/os-release')))) return [];
  const folder = join(root, 'etc/apt/sources.list.d');
  const names = ['../sources.list', ...listNames(folder).filter((name) => /^[\w.-]+\.(list|sources)$/.test(name))];
  return names.flatMap((name) => parseSources(name, readText(join(folder, name))));
}

/** The credentials that apt on this machine has for archives (apt_auth.conf(5)), where they may be read. */
export function readHostCredentials(root = '/'): readonly ArchiveCredential[] {
  const folder = join(root, 'etc/apt/auth.conf.d');
  const names = ['../auth.conf', ...listNames(folder).filter((name) => name.endsWith('.conf'))];
  return names.flatMap((name) => parseAuthFile(readText(join(folder, name))));
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
