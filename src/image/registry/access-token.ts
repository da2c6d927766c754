import { CinzelError, isCinzelError } from '../../core/errors.ts';
import { asNumber, asObject, asString, parseJson } from '../../core/json.ts';
import type { HttpClient, HttpResponse } from '../../net/http.ts';
import { basicAuthorization, type Credential } from './credentials/credential.ts';

export interface TokenRequest {
  /** Address of the token service, from the challenge. */
  readonly realm: URL;
  readonly service?: string;
  /** What is wanted, as `repository:library/nginx:pull`. */
  readonly scopes: readonly string[];
  readonly credential?: Credential;
  /** The registry's host, for messages. */
  readonly host: string;
  readonly signal: AbortSignal;
}

export interface AccessToken {
  readonly token: string;
  /** Seconds that it is good for. */
  readonly lifetime: number;
}

const answerLimit = 1024 ** 2;
/** What a token service means that names no time (distribution, "Token Authentication Specification"). */
const defaultLifetime = 60;

/**
 * Gets an access token (distribution, "Token Authentication Specification"; with an identity token "OAuth2 Token
 * Authentication"). Throws `environment.unauthorized` when it is refused.
 */
export async function requestToken(http: HttpClient, request: TokenRequest): Promise<AccessToken> {
  try {
    const { credential } = request;
    const answer = await (credential?.kind === 'identity-token'
      ? exchange(http, request, credential.token)
      : ask(http, request));
    return readToken(await answer.bytes(answerLimit), request.host);
  } catch (error) {
    // Token services also say 400 and 404 to those they do not know.
    if (isCinzelError(error, 'environment.unauthorized') || isRefusal(error)) {
      throw new CinzelError('environment.unauthorized', { host: request.host }, { cause: error });
    }
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return isCinzelError(error, 'environment.http') && [400, 404].includes(error.parameters.status);
}

function ask(http: HttpClient, { realm, service, scopes, credential, signal }: TokenRequest): Promise<HttpResponse> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.append('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credential?.kind !== 'basic') return http.request(url, { signal });
  url.searchParams.append('account', credential.username);
  const authorization = basicAuthorization(credential.username, credential.password);
  return http.request(url, { signal, authorization });
}

function exchange(http: HttpClient, request: TokenRequest, token: string): Promise<HttpResponse> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: request.service ?? '',
    client_id: 'cinzel',
    scope: request.scopes.join(' '),
    refresh_token: token,
  });
  return http.request(request.realm, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    signal: request.signal,
  });
}

function readToken(bytes: Uint8Array, host: string): AccessToken {
  const what = { kind: 'token-service', host } as const;
  const answer = asObject(parseJson(bytes, what));
  const token = asString(answer?.['token']) || asString(answer?.['access_token']);
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-token' });
  }
  return { token, lifetime: asNumber(answer?.['expires_in']) ?? defaultLifetime };
}
