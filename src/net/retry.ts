/** How often and how long to wait before asking again. */
export interface RetryPolicy {
  readonly retries: number;
  /** First wait in milliseconds; each further one is twice as long. */
  readonly firstWait: number;
  readonly longestWait: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** 0 ≤ n < 1, for jitter. */
  readonly random: () => number;
}

/** Statuses that may be other at another time (RFC 9110 15.6; RFC 6585 4). */
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

export function isPassing(status: number): boolean {
  return passingStatuses.has(status);
}

/**
 * Faults of a connection that another attempt may not meet. A name or a certificate that is wrong stays wrong, and a
 * server that took the request and thinks for a minute will not think faster when it is asked twice.
 */
const passingFaults = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether an error of a connection, or what caused it, may pass. */
export function isPassingFault(error: unknown): boolean {
  for (let fault = error, depth = 0; fault instanceof Error && depth < 4; fault = fault.cause, depth++) {
    const { code } = fault as NodeJS.ErrnoException;
    if (code !== undefined && passingFaults.has(code)) return true;
  }
  return false;
}

/** The wait before the attempt after `attempt` (0-based), in milliseconds; what the server asked for counts if it did. */
export function waitBefore(attempt: number, asked: number | undefined, policy: RetryPolicy): number {
  if (asked !== undefined) return asked;
  const backOff = Math.min(policy.firstWait * 2 ** attempt, policy.longestWait);
  return backOff * (0.5 + policy.random() / 2);
}

/** The wait in milliseconds that a Retry-After asks for: seconds or a date (RFC 9110 10.2.3). */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
