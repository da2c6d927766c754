import { CinzelError } from '../../core/errors.ts';
import type { HttpClient } from '../../net/http.ts';
import { requestToken } from './access-token.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { basicAuthorization, type Credential } from './credentials/credential.ts';

/** Knows what to send to one endpoint so that it answers. */
export interface Authorizer {
  /** The Authorization header for a scope, where an earlier challenge told what it takes. */
  known(scope: string): string | undefined;
  /** The header that answers a challenge. Throws `environment.unauthorized` when there is nothing to answer with. */
  answer(header: string, scope: string): Promise<string>;
}

export interface AuthorizerOptions {
  readonly http: HttpClient;
  /** The address of the endpoint's API. */
  readonly base: () => Promise<URL>;
  /** Looked up at the first challenge only. */
  readonly credential: () => Promise<Credential | undefined>;
  readonly signal: AbortSignal;
}

/** A token that ends within so many milliseconds is not used any more. */
const margin = 5_000;

interface Held {
  readonly authorization: string;
  /** On performance.now()'s clock. */
  readonly until: number;
}

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { http, signal } = options;
  const tokens = new Map<string, Held>();
  let basic: string | undefined;

  async function answerBearer(
    challenge: Challenge,
    scope: string,
    credential: Credential | undefined,
  ): Promise<string> {
    if (credential?.kind === 'access-token') return `Bearer ${credential.token}`;
    const base = await options.base();
    const { service } = challenge.parameters;
    const { token, lifetime } = await requestToken(http, {
      realm: readRealm(challenge, base),
      ...(service === undefined ? {} : { service }),
      scopes: scopesOf(challenge, scope),
      ...(credential === undefined ? {} : { credential }),
      host: base.host,
      signal,
    });
    const authorization = `Bearer ${token}`;
    tokens.set(scope, { authorization, until: performance.now() + lifetime * 1000 - margin });
    return authorization;
  }

  return {
    known: (scope) => {
      const held = tokens.get(scope);
      return held !== undefined && performance.now() < held.until ? held.authorization : basic;
    },
    answer: async (header, scope) => {
      const challenges = parseChallenges(header);
      const credential = await options.credential();
      const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
      if (bearer !== undefined) return answerBearer(bearer, scope, credential);
      const takesBasic = challenges.some(({ scheme }) => scheme === 'basic');
      if (!takesBasic || credential?.kind !== 'basic') throw refused(await options.base());
      basic = basicAuthorization(credential.username, credential.password);
      return basic;
    },
  };
}

/** The registry chooses who gets our credentials, so at least nobody on the way may read them. */
function readRealm({ parameters }: Challenge, base: URL): URL {
  const text = parameters['realm'] ?? '';
  const what = { kind: 'challenge', host: base.host } as const;
  const realm = URL.canParse(text) ? new URL(text) : undefined;
  if (realm === undefined || !['http:', 'https:'].includes(realm.protocol)) {
    throw new CinzelError('untrusted.malformed', { what, problem: 'no-token-service' });
  }
  if (realm.protocol === 'http:' && base.protocol === 'https:') {
    throw new CinzelError('untrusted.malformed', { what, problem: 'token-service-without-tls' });
  }
  return realm;
}

/** What the registry says that is needed, and what we know that we need. */
function scopesOf({ parameters }: Challenge, scope: string): readonly string[] {
  const asked = (parameters['scope'] ?? '').split(' ');
  return [...new Set([...asked, ...scope.split(' ')])].filter((item) => item !== '');
}

export function refused(base: URL): CinzelError {
  return new CinzelError('environment.unauthorized', { host: base.host });
}
