/** Exit codes of the command line; what each means is part of the public contract (docs/exit-codes.md). */
export const exitCodes = {
  done: 0,
  gateFailed: 1,
  usage: 2,
  environment: 3,
  untrusted: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
