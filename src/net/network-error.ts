import { CinzelError } from '../core/errors.ts';

/** What went wrong with a connection, as a fault of ours. What the caller interrupted, and own faults, pass through. */
export function networkError(url: string, cause: unknown, signal: AbortSignal | undefined): unknown {
  if (cause instanceof CinzelError || signal?.aborted === true) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  return new CinzelError('environment.network', { url, problem: problems[code ?? ''] ?? message }, { cause });
}

const problems: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOENT: 'there is no such socket',
  EACCES: 'no permission',
  ENETUNREACH: 'no way leads there',
  EHOSTUNREACH: 'no way leads there',
  ETIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
