import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { serve } from '../../net/testing/serve.ts';

export interface TokenIssuer {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** What it was asked: method, query or form, and Authorization header. */
  readonly asked: {
    readonly method: string;
    readonly query: URLSearchParams;
    readonly authorization: string | undefined;
  }[];
  readonly close: () => Promise<void>;
}

export interface TokenIssuerOptions {
  /** PEM; the registry trusts the certificate. */
  readonly key: string;
  readonly cert: string;
  /** Who may push: anybody may pull. */
  readonly login: { readonly username: string; readonly password: string };
  readonly refreshToken?: string;
}

const service = 'registry.example.com';
const issuer = 'issuer.example.com';

/** A token service as the distribution's "Token Authentication Specification" wants it, for a real registry. */
export async function startTokenIssuer({ key, cert, login, refreshToken }: TokenIssuerOptions): Promise<TokenIssuer> {
  const asked: TokenIssuer['asked'] = [];
  const basic = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', headers } = request;
      const form = Buffer.concat(parts).toString();
      const query = method === 'POST' ? new URLSearchParams(form) : new URL(request.url ?? '', 'http://h').searchParams;
      asked.push({ method, query, authorization: headers.authorization });
      const isKnown = headers.authorization === basic || (refreshToken && query.get('refresh_token') === refreshToken);
      if (!isKnown && (headers.authorization !== undefined || method === 'POST')) {
        response.writeHead(401).end();
        return;
      }
      const scopes = query.getAll('scope').flatMap((scope) => scope.split(' '));
      const token = signToken(accessOf(scopes, Boolean(isKnown)), key, cert);
      const name = method === 'POST' ? 'access_token' : 'token';
      response.end(JSON.stringify({ [name]: token, expires_in: 300 }));
    });
  });
  return { realm: `${server.url}/token`, service, issuer, asked, close: server.close };
}

function accessOf(scopes: readonly string[], mayPush: boolean): readonly object[] {
  return scopes.map((scope) => {
    const [type, name, actions = ''] = scope.split(':');
    return { type, name, actions: actions.split(',').filter((action) => mayPush || action === 'pull') };
  });
}

function signToken(access: readonly object[], key: string, cert: string): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'ES256', x5c: [new X509Certificate(cert).raw.toString('base64')] };
  const claims = { iss: issuer, aud: service, sub: '', nbf: now - 5, iat: now, exp: now + 300, access };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(text), { key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}
