/** What authorises requests to some addresses, as netrc and apt_auth.conf(5) have it. */
export interface ArchiveCredential {
  /** `https`; `http` only where it was asked for, as it shows the password to the network. */
  readonly protocols: readonly string[];
  /** With the port, where it is not the protocol's own. */
  readonly host: string;
  /** What the address's path must begin with; empty for all. */
  readonly path: string;
  /** Value of the Authorization header (RFC 7617). */
  readonly authorization: string;
}

/** Reads the `machine … login … password …` entries of an auth.conf; anything else is passed over. */
export function parseAuthFile(text: string): readonly ArchiveCredential[] {
  const words = text
    .split('\n')
    .map((line) => line.replace(/^\s*#.*/, ''))
    .join(' ')
    .split(/\s+/);
  const entries: Map<string, string>[] = [];
  for (let at = 0; at + 1 < words.length; at++) {
    const key = words[at] ?? '';
    if (key === 'machine' || key === 'default') entries.push(new Map());
    if (['machine', 'login', 'password'].includes(key)) entries.at(-1)?.set(key, words[++at] ?? '');
  }
  return entries.flatMap((entry) => {
    const [machine = '', login, password] = [entry.get('machine'), entry.get('login'), entry.get('password')];
    const [, protocol = 'https', host = '', path = ''] = /^(?:(\w+):\/\/)?([^/]+)(\/.*)?$/.exec(machine) ?? [];
    if (host === '' || login === undefined || password === undefined) return [];
    return [{ protocols: [protocol], host, path, authorization: basic(login, password) }];
  });
}

/** An address without its user and password, and these as a credential. */
export function splitUserInfo(address: string): { readonly url: string; readonly credential?: ArchiveCredential } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.username === '' && url.password === '')) return { url: address };
  const authorization = basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
  url.username = '';
  url.password = '';
  const credential = { protocols: [url.protocol.slice(0, -1)], host: url.host, path: url.pathname, authorization };
  return { url: url.href, credential };
}

function basic(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/** The Authorization header for an address; undefined when none is known. The first fitting credential counts. */
export function authorizationFor(address: string, credentials: readonly ArchiveCredential[]): string | undefined {
  const { protocol, host, pathname } = new URL(address);
  return credentials.find(
    (known) =>
      known.protocols.includes(protocol.slice(0, -1)) && known.host === host && pathname.startsWith(known.path),
  )?.authorization;
}
