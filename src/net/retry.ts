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
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

export function isPassing(status: number): boolean {
  return passing.has(status);
}

/** The wait before the attempt after `attempt` (0-based), in milliseconds; the server's word counts where it gave one. */
export function waitBefore(attempt: number, retryAfter: string | undefined, policy: RetryPolicy, now: number): number {
  const asked = readRetryAfter(retryAfter, now);
  if (asked !== undefined) return Math.min(asked, policy.longestWait);
  const backOff = Math.min(policy.firstWait * 2 ** attempt, policy.longestWait);
  return backOff * (0.5 + policy.random() / 2);
}

/** Retry-After is seconds or a date (RFC 9110 10.2.3). */
function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
