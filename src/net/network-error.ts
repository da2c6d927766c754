import { CinzelError } from '../core/errors.ts';
import { isCertificateProblem, type Problem, said } from '../core/problems.ts';

/** Where a request went, as people may see it. */
export interface Way {
  readonly url: string;
  /** The proxy that it went through. */
  readonly proxy?: string | undefined;
}

/** What went wrong with a connection, as a fault of ours. What the caller interrupted, and own faults, pass through. */
export function networkError({ url, proxy }: Way, cause: unknown, signal: AbortSignal | undefined): unknown {
  if (cause instanceof CinzelError || signal?.aborted === true) return cause;
  const problem = problemOf(cause as NodeJS.ErrnoException);
  const through = proxy === undefined || isCertificateProblem(problem) ? {} : { proxy };
  return new CinzelError('environment.network', { url, problem, ...through }, { cause });
}

function problemOf({ code = '', message }: NodeJS.ErrnoException): Problem {
  const known = problems[code];
  if (known !== undefined) return known;
  const status = Number(/^Proxy .*\((\d{3})\)/.exec(message)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) return said(message);
  return status === 407 ? 'proxy-login' : { kind: 'proxy-refuses', status };
}

const problems: Readonly<Record<string, Problem>> = {
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-not-looked-up',
  ECONNREFUSED: 'nothing-listens',
  ECONNRESET: 'connection-cut',
  UND_ERR_SOCKET: 'connection-cut',
  EPIPE: 'connection-cut',
  ENOENT: 'no-such-socket',
  EACCES: 'no-permission',
  ENETUNREACH: 'no-route',
  EHOSTUNREACH: 'no-route',
  ETIMEDOUT: 'no-answer',
  UND_ERR_CONNECT_TIMEOUT: 'no-answer',
  UND_ERR_HEADERS_TIMEOUT: 'no-answer',
  UND_ERR_BODY_TIMEOUT: 'stopped-sending',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  CERT_HAS_EXPIRED: 'certificate-expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-unverified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-unverified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-other-name',
};
